"""The built-in profiles by marketplace and slot, one file per marketplace."""

from __future__ import annotations

from accounts.kit.errors import NotFound
from processing.compliance.profile import Profile
from processing.compliance.profiles import amazon, ebay, etsy, google, shopify, walmart, woocommerce

SLOTS = ("main", "additional")
_EVERY = (
    amazon.MAIN,
    amazon.ADDITIONAL,
    shopify.MAIN,
    shopify.ADDITIONAL,
    woocommerce.MAIN,
    woocommerce.ADDITIONAL,
    ebay.MAIN,
    ebay.ADDITIONAL,
    etsy.MAIN,
    etsy.ADDITIONAL,
    walmart.MAIN,
    walmart.ADDITIONAL,
    google.MAIN,
    google.ADDITIONAL,
)
PROFILES: dict[tuple[str, str], Profile] = {(profile.marketplace, profile.slot): profile for profile in _EVERY}
MARKETPLACES: tuple[str, ...] = tuple(dict.fromkeys(profile.marketplace for profile in _EVERY))


def find(marketplace: str, slot: str = "main") -> Profile:
    """Raises NotFound, with the field that is wrong."""
    if marketplace not in MARKETPLACES:
        known = ", ".join(MARKETPLACES)
        raise NotFound(f"There is no marketplace {marketplace}. There are: {known}.", field="marketplace")
    if slot not in SLOTS:
        raise NotFound(f"There is no slot {slot}. There are: {', '.join(SLOTS)}.", field="slot")
    return PROFILES[marketplace, slot]
