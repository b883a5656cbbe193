"""Etsy: the item itself, large, in a common format."""

from __future__ import annotations

from processing.compliance.profile import Profile, RuleSpec, as_additional
from processing.compliance.profiles.advice import CHECKED, FILE, PICTURE

_SAYS = "Etsy, listing photo requirements"
_THIRD = "Third parties on Etsy's limits"

MAIN = Profile(
    marketplace="etsy",
    slot="main",
    title="Etsy listing image",
    version="2026-11-1",
    rules=(
        RuleSpec("size", "recommended", {"min_longest": 2000}, _THIRD, CHECKED, key="size_best"),
        RuleSpec("weight", "recommended", {"max_mb": 10}, f"{_THIRD}: they say 10 to 20 MB", CHECKED),
        RuleSpec("format", "recommended", {"accepted": ("jpeg", "png", "gif")}, _SAYS, CHECKED),
        RuleSpec("generated", "recommended", {}, _SAYS, CHECKED),
        *PICTURE,
        *FILE,
    ),
    unchecked=("Thumbnails are cropped: leave room around the item.", "Stock photos are for people to judge."),
)

ADDITIONAL = as_additional(MAIN, drop=("cut_off",))
