"""Google Merchant Center: from 31 January 2027 every product needs 500 × 500 pixels."""

from __future__ import annotations

from datetime import date

from processing.compliance.profile import Profile, RuleSpec, as_additional
from processing.compliance.profiles.advice import CHECKED, FILE, PICTURE

_SAYS = "Google Merchant Center, image link"
_THIRD = "Third parties on Google Merchant Center"
_LAST_DAY, _FROM = date(2027, 1, 30), date(2027, 1, 31)
_FORMATS = ("jpeg", "webp", "png", "gif", "bmp", "tiff")

MAIN = Profile(
    marketplace="google",
    slot="main",
    title="Google Merchant Center",
    version="2026-11-1",
    rules=(
        RuleSpec("size", "required", {"min_shortest": 100}, _SAYS, CHECKED, effective_until=_LAST_DAY),
        RuleSpec(
            "size", "required", {"min_shortest": 250}, _SAYS, CHECKED,
            effective_until=_LAST_DAY, key="size_apparel", product_types=("apparel",),
        ),
        RuleSpec("size", "required", {"min_shortest": 500}, _SAYS, CHECKED, effective_from=_FROM, key="size_2027"),
        RuleSpec("size", "recommended", {"min_shortest": 1500}, _SAYS, CHECKED, key="size_best"),
        RuleSpec("size", "recommended", {"max_megapixels": 64}, _SAYS, CHECKED, key="size_max"),
        RuleSpec("weight", "required", {"max_mb": 16}, _SAYS, CHECKED),
        RuleSpec("format", "required", {"accepted": _FORMATS}, _SAYS, CHECKED),
        RuleSpec("extension", "required", {}, _SAYS, CHECKED),
        RuleSpec("text", "required", {"sure": 0.8}, _SAYS, CHECKED),
        RuleSpec("watermark", "required", {"sure": 0.8}, _SAYS, CHECKED),
        RuleSpec("frame", "recommended", {"sure": 0.8}, _SAYS, CHECKED),
        RuleSpec("placeholder", "recommended", {}, _SAYS, CHECKED),
        RuleSpec("enlarged", "recommended", {"max_blur": 1.8}, _SAYS, CHECKED),
        RuleSpec(
            "background", "recommended", {"near": 2, "max_other": 0.1, "band": 8, "transparent": "allowed"},
            _SAYS, CHECKED,
        ),
        RuleSpec("fill", "recommended", {"min": 75, "max": 90}, _THIRD, CHECKED),
        RuleSpec("provenance", "recommended", {}, _THIRD, CHECKED),
        *PICTURE,
        *FILE,
    ),
    forbids_enlarging=True,
)  # fmt: skip

ADDITIONAL = as_additional(MAIN, drop=("cut_off", "background", "fill"))
