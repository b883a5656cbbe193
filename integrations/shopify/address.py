"""The address of a Shopify shop, as people have it at hand, and as programs need it."""

from __future__ import annotations

import re

from django.conf import settings

from accounts.kit.outbound import OutboundError, check_url
from accounts.kit.outbound_network import AllowedHosts

DOMAIN = ".myshopify.com"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}", re.I)
_ADMIN = re.compile(r"(?:https://)?admin\.shopify\.com/store/([a-z0-9][a-z0-9-]{0,59})(?:[/?#].*)?", re.I)


def tidy(text: str) -> str:
    """`https://NAME.myshopify.com`, from the name alone, the shop's or the admin's address.

    Any other host stays as it was typed: `speaks_for_shopify` says whether keys may go there. Raises OutboundError.
    """
    text = text.strip()
    if found := _ADMIN.fullmatch(text):
        return f"https://{found[1].lower()}{DOMAIN}"
    if _NAME.fullmatch(text) and text.lower() != "localhost":
        return f"https://{text.lower()}{DOMAIN}"
    url = check_url(text if "://" in text else f"https://{text}")
    if url.host.endswith(DOMAIN):
        if not _NAME.fullmatch(url.host.removesuffix(DOMAIN)):
            raise OutboundError("A shop's address has one name before .myshopify.com, such as my-shop.myshopify.com.")
        return f"https://{url.host}"
    return str(url.copy_with(path="/", query=None, fragment=None)).rstrip("/")


def speaks_for_shopify(address: str) -> bool:
    """Whether a token may be sent there: to Shopify's own names, and to hosts that the operator has allowed.

    Raises OutboundError for what is no address of the public internet.
    """
    host = check_url(address).host
    if host.endswith(DOMAIN):
        return address.startswith("https://")
    return host in AllowedHosts(settings.OUTBOUND_ALLOWED_HOSTS)


def named_in(location: str) -> str:
    """The shop's name in an address that a redirect has named, or an empty string."""
    if found := _ADMIN.match(location):
        return found[1].lower()
    found = re.match(r"https://([a-z0-9][a-z0-9-]{0,59})\.myshopify\.com(?:[/?#:]|$)", location, re.I)
    return found[1].lower() if found else ""
