"""Walmart: seamless white, square, light."""

from __future__ import annotations

from processing.compliance.profile import Profile, RuleSpec, as_additional
from processing.compliance.profiles.advice import CHECKED, FILE, PICTURE

_SAYS = "Walmart, product image guidelines"

MAIN = Profile(
    marketplace="walmart",
    slot="main",
    title="Walmart main image",
    version="2026-11-1",
    rules=(
        RuleSpec("background", "required", {"near": 2, "max_other": 0.1, "band": 8}, _SAYS, CHECKED),
        RuleSpec("ratio", "required", {"ratio": 1}, _SAYS, CHECKED),
        RuleSpec("weight", "required", {"max_mb": 5}, _SAYS, CHECKED),
        RuleSpec("format", "required", {"accepted": ("jpeg", "png", "bmp")}, _SAYS, CHECKED),
        RuleSpec("colour_mode", "required", {"modes": ("rgb",), "bits": 8}, _SAYS, CHECKED),
        RuleSpec("size", "recommended", {"min_shortest": 1500}, _SAYS, CHECKED, key="size_zoom"),
        RuleSpec("size", "recommended", {"min_shortest": 2200}, _SAYS, CHECKED, key="size_best"),
        RuleSpec("watermark", "recommended", {"sure": 0.8}, _SAYS, CHECKED),
        RuleSpec("text", "recommended", {"sure": 0.8}, _SAYS, CHECKED),
        RuleSpec("address", "recommended", {}, _SAYS, CHECKED),
        *PICTURE,
        *FILE,
    ),
)

ADDITIONAL = as_additional(MAIN, drop=("cut_off", "background", "text", "watermark"))
