"""A finished check in a few words, and the marketplaces of its tabs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from processing.compliance.profiles import MARKETPLACES
from processing.queries.compliance import Judged

NAMES = {
    "amazon": "Amazon",
    "shopify": "Shopify",
    "woocommerce": "WooCommerce",
    "ebay": "eBay",
    "etsy": "Etsy",
    "walmart": "Walmart",
    "google": "Google",
}


@dataclass(frozen=True, slots=True)
class Tab:
    """One marketplace, or one own profile, with the profiles of its slots."""

    title: str
    marketplace: str
    slots: tuple[Judged, ...]
    current: bool

    @property
    def first(self) -> Judged:
        return self.slots[0]


def tabs(found: Sequence[Judged], *, key: str) -> list[Tab]:
    """`key`: the profile that is shown."""
    made = []
    for marketplace in MARKETPLACES:
        slots = tuple(each for each in found if each.key.startswith(f"{marketplace}/"))
        if slots:
            current = any(each.key == key for each in slots)
            made.append(Tab(NAMES.get(marketplace, marketplace.capitalize()), marketplace, slots, current))
    own = [each for each in found if "/" not in each.key]
    return made + [Tab(each.title, each.marketplace, (each,), each.key == key) for each in own]


def summary(found: Sequence[Judged]) -> dict[str, list[str]]:
    """Names of marketplaces by the verdict over their main image, and of own profiles."""
    words: dict[str, list[str]] = {"fail": [], "warn": [], "pass": []}
    for tab in tabs(found, key=""):
        words[tab.first.verdict].append(tab.title)
    return words


def in_order(found: Judged) -> Judged:
    """The same with what is open first, the required before the recommended."""
    rank = {"fail": 0, "warn": 1, "pass": 2}

    def place(each: dict[str, object]) -> tuple[int, bool]:
        return 2 if each["waived"] else rank[str(each["status"])], each["severity"] != "required"

    found.findings.sort(key=place)
    return found
