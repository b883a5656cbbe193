"""WooCommerce: the shop's own server and theme decide."""

from __future__ import annotations

from processing.compliance.profile import Profile, RuleSpec, as_additional
from processing.compliance.profiles.advice import CHECKED, FILE, PICTURE

_CUSTOM = "Customary for WooCommerce themes"

MAIN = Profile(
    marketplace="woocommerce",
    slot="main",
    title="WooCommerce product image",
    version="2026-11-1",
    rules=(
        RuleSpec("size", "recommended", {"min_longest": 800}, _CUSTOM, CHECKED, key="size_best"),
        RuleSpec("ratio", "recommended", {"ratio": 1}, _CUSTOM, CHECKED),
        *PICTURE,
        *FILE,
    ),
    unchecked=(
        "The server's upload limit, the formats the store allows and the theme's sizes differ from shop to shop.",
    ),
)

ADDITIONAL = as_additional(MAIN, drop=("cut_off",))
