"""Shopify: the shop decides; its own figures are advice."""

from __future__ import annotations

from processing.compliance.profile import Profile, RuleSpec, as_additional
from processing.compliance.profiles.advice import CHECKED, FILE, PICTURE

_SAYS = "Shopify Help Center, product media"
_THIRD = "Third parties on Shopify's limits"

MAIN = Profile(
    marketplace="shopify",
    slot="main",
    title="Shopify product image",
    version="2026-11-1",
    rules=(
        RuleSpec("size", "recommended", {"min_longest": 800}, _SAYS, CHECKED, key="size_zoom"),
        RuleSpec("size", "recommended", {"min_shortest": 2048}, _SAYS, CHECKED, key="size_best"),
        RuleSpec("size", "recommended", {"max_longest": 5000, "max_megapixels": 25}, _THIRD, CHECKED, key="size_max"),
        RuleSpec("ratio", "recommended", {"ratio": 1}, _SAYS, CHECKED),
        RuleSpec("weight", "recommended", {"max_mb": 20}, _SAYS, CHECKED),
        RuleSpec("format", "recommended", {"accepted": ("png", "jpeg", "webp", "heic", "gif")}, _SAYS, CHECKED),
        *PICTURE,
        *FILE,
    ),
    unchecked=("All images of a shop should share one ratio.", "At most 250 media for a product."),
)

ADDITIONAL = as_additional(MAIN, drop=("cut_off",))
