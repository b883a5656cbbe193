"""Amazon: the main image is the strict one."""

from __future__ import annotations

from processing.compliance.profile import Profile, RuleSpec
from processing.compliance.profiles.advice import CHECKED, FILE, PICTURE, SHARPNESS

_SAYS = "Amazon, product image requirements"
_THIRD = "Third parties on Amazon's image requirements"
_CUSTOM = "Customary on Amazon"
_FORMATS = ("jpeg", "png", "tiff", "gif")

_SIZE = (
    RuleSpec("size", "required", {"min_longest": 500}, _SAYS, CHECKED),
    RuleSpec("size", "recommended", {"min_longest": 1000}, _SAYS, CHECKED, key="size_zoom"),
    RuleSpec("size", "recommended", {"min_longest": 1600}, _SAYS, CHECKED, key="size_best"),
    RuleSpec("size", "recommended", {"max_longest": 10_000}, _SAYS, CHECKED, key="size_max"),
)
_WEIGHT = RuleSpec("weight", "recommended", {"max_mb": 10}, _THIRD, CHECKED)

MAIN = Profile(
    marketplace="amazon",
    slot="main",
    title="Amazon main image",
    version="2026-11-1",
    rules=(
        *_SIZE,
        RuleSpec("background", "required", {"near": 2, "max_other": 0.1, "band": 8}, _SAYS, CHECKED),
        RuleSpec("fill", "required", {"min": 85}, _SAYS, CHECKED),
        RuleSpec("format", "required", {"accepted": _FORMATS}, _SAYS, CHECKED),
        RuleSpec("animated", "required", {}, _SAYS, CHECKED),
        RuleSpec("text", "required", {"sure": 0.8}, _SAYS, CHECKED),
        RuleSpec("watermark", "required", {"sure": 0.8}, _SAYS, CHECKED),
        RuleSpec("frame", "required", {"sure": 0.8}, _SAYS, CHECKED),
        RuleSpec("ratio", "recommended", {"ratio": 1}, _CUSTOM, CHECKED),
        RuleSpec("format", "recommended", {"accepted": ("jpeg",)}, _SAYS, CHECKED, key="format_preferred"),
        _WEIGHT,
        *PICTURE,
        *FILE,
    ),
    unchecked=(
        "Accessories that are not included, several views in one picture and drawings are for people to judge.",
    ),
)

ADDITIONAL = Profile(
    marketplace="amazon",
    slot="additional",
    title="Amazon additional image",
    version="2026-11-1",
    rules=(
        *_SIZE,
        RuleSpec("format", "recommended", {"accepted": _FORMATS}, _SAYS, CHECKED),
        _WEIGHT,
        SHARPNESS,
        *FILE,
    ),
    unchecked=("At most 8 images beside the main one.",),
)
