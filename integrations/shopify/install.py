"""Signing in at Shopify: where the browser is sent, and whether what it brings back is from Shopify."""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections.abc import Mapping
from urllib.parse import urlencode

from django.conf import settings

from integrations.base import Account, Blame, MarketplaceError
from integrations.shopify import tokens
from integrations.shopify.address import speaks_for_shopify
from integrations.shopify.marketplace import SCOPES

# Shopify's clock and ours may differ a little.
_OLDEST = 600
_SHOP = re.compile(r"[a-z0-9][a-z0-9-]{0,59}\.myshopify\.com")


def offered() -> bool:
    """Whether this installation is an app at Shopify, with an address to come back to."""
    return bool(settings.SHOPIFY_CLIENT_ID and settings.SHOPIFY_CLIENT_SECRET and settings.BASE_URL)


def authorize_url(address: str, *, state: str, back: str) -> str:
    """`back`: our own address, as the app's settings at Shopify name it. Raises MarketplaceError for another shop."""
    if not speaks_for_shopify(address):
        raise _not_from_shopify("Type the shop's address that ends in .myshopify.com.")
    query = {
        "client_id": settings.SHOPIFY_CLIENT_ID,
        "scope": ",".join(SCOPES),
        "redirect_uri": back,
        "state": state,
    }
    return f"{address}/admin/oauth/authorize?{urlencode(query)}"


def account(address: str, query: Mapping[str, str]) -> Account:
    """The account that an installation has brought. Raises MarketplaceError; nothing was asked of the shop then, but
    where it refuses the code."""
    if not genuine(query):
        raise _not_from_shopify("What came back was not signed by Shopify, or is too old. Begin again.")
    shop = query.get("shop", "")
    if address.endswith(".myshopify.com") and (not _SHOP.fullmatch(shop) or address != f"https://{shop}"):
        raise _not_from_shopify("Another shop came back than the one that was asked. Begin again.")
    found = Account(address, {})
    return Account(address, tokens.exchanged(found, query.get("code", "")))


def genuine(query: Mapping[str, str]) -> bool:
    """Whether Shopify has signed it with the app's secret, within the last minutes."""
    rest = {name: value for name, value in query.items() if name != "hmac"}
    text = "&".join(f"{_escaped(name, '=')}={_escaped(rest[name])}" for name in sorted(rest))
    made = hmac.new(settings.SHOPIFY_CLIENT_SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(made.encode(), query.get("hmac", "").encode("utf-8", "surrogateescape")):
        return False
    stamp = query.get("timestamp", "")
    return stamp.isascii() and stamp.isdecimal() and abs(time.time() - int(stamp[:15])) < _OLDEST


def _escaped(text: str, also: str = "") -> str:
    """As Shopify writes the signed text: what parts it from the next is escaped."""
    text = text.replace("%", "%25").replace("&", "%26")
    return text.replace("=", "%3D") if also else text


def _not_from_shopify(detail: str) -> MarketplaceError:
    return MarketplaceError("not_from_shopify", detail, blame=Blame.CREDENTIALS, permanent=True, field="address")
