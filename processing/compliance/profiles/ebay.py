"""eBay: size, and nothing added to the photo."""

from __future__ import annotations

from processing.compliance.profile import Profile, RuleSpec, as_additional
from processing.compliance.profiles.advice import CHECKED, FILE, PICTURE

_SAYS = "eBay, picture policy"
_API = "eBay Trading API, picture warnings"
_THIRD = "Third parties on eBay's limits"
_FORMATS = ("jpeg", "gif", "png", "bmp", "tiff", "avif", "heic", "webp")

MAIN = Profile(
    marketplace="ebay",
    slot="main",
    title="eBay listing image",
    version="2026-11-1",
    rules=(
        RuleSpec("size", "required", {"min_longest": 500}, _SAYS, CHECKED),
        RuleSpec("size", "recommended", {"min_longest": 1000}, _API, CHECKED, key="size_zoom"),
        RuleSpec("size", "recommended", {"min_longest": 1600}, _SAYS, CHECKED, key="size_best"),
        RuleSpec("jpeg_quality", "recommended", {"min": 90}, _API, CHECKED),
        RuleSpec("frame", "required", {"sure": 0.8}, _SAYS, CHECKED),
        RuleSpec("watermark", "required", {"sure": 0.8}, _SAYS, CHECKED),
        RuleSpec("text", "recommended", {"sure": 0.8}, _SAYS, CHECKED),
        RuleSpec("weight", "recommended", {"max_mb": 12}, _THIRD, CHECKED),
        RuleSpec("format", "recommended", {"accepted": _FORMATS}, _SAYS, CHECKED),
        RuleSpec("animated", "recommended", {}, _SAYS, CHECKED),
        *PICTURE,
        *FILE,
    ),
    unchecked=("Artwork that was added to the photo is for people to judge.",),
)

ADDITIONAL = as_additional(MAIN, drop=("cut_off",))
