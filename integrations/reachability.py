"""Whether a shop could fetch something from this installation, judged by the form of BASE_URL alone."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext

from accounts.kit.outbound_network import AllowedHosts
from accounts.kit.public_addresses import is_public, parse

# Names that lead nowhere outside of one network (RFC 6761, 6762, 8375, and what routers are called).
_INSIDE = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "home.arpa", "test", "invalid")


def base_url_is_public() -> bool:
    """Whether BASE_URL is an address that a shop on the internet can call: images are fetched and events sent there.

    A host in OUTBOUND_ALLOWED_HOSTS counts: shops on that inside see it too. Names are not resolved, for what they
    mean here says nothing about what they mean at the shop.
    """
    host = urlsplit(settings.BASE_URL).hostname or ""
    if not host:
        return False
    if host in AllowedHosts(settings.OUTBOUND_ALLOWED_HOSTS):
        return True
    address = parse(host)
    if address is not None:
        return is_public(address)
    name = host.rstrip(".").lower()
    return "." in name and not any(name.endswith(f".{end}") for end in _INSIDE)


def base_url_is_secure() -> bool:
    """Whether a shop can hand over keys to BASE_URL: public, and https."""
    return settings.BASE_URL.startswith("https://") and base_url_is_public()


def in_words(*, only_fetches: bool = False) -> str:
    """One sentence for whoever is about to connect a shop. `only_fetches`: it takes images by their address alone."""
    if only_fetches and base_url_is_public():
        return gettext("Images are fetched from {address}.").format(address=settings.BASE_URL)
    if only_fetches:
        return gettext(
            "Images are fetched by their address there, and this installation has no public one (BASE_URL): the "
            "catalog can be read, and nothing can be published until it has."
        )
    if not settings.BASE_URL:
        return gettext(
            "This installation has no public address (BASE_URL), so shops cannot fetch images from it or tell it what "
            "changed: images are sent to them, and the catalog is read at night."
        )
    if not base_url_is_public():
        return gettext(
            "Shops cannot reach {address}, which lies inside a network: images are sent to them, and the "
            "catalog is read at night."
        ).format(address=settings.BASE_URL)
    return gettext("Shops fetch images from {address} and tell it there what changed.").format(
        address=settings.BASE_URL
    )
