"""How wide the sharpest edges are, as seen at 1,000 pixels across."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processing.compliance.rules.rule import Outcome, Rule, Threshold, Thresholds, number

if TYPE_CHECKING:
    from processing.compliance.picture import MeasuredPicture

_SURE = 1.2
_AS_SHARP_AS_PIXELS = 1.2
_ONE_WAY = 0.6


def check(picture: MeasuredPicture, thresholds: Thresholds) -> Outcome | None:
    sharpness = picture.sharpness
    most = number(thresholds, "max_blur", 1.8)
    wanted = f"edges blurred over at most {most:g} px at 1,000 px across"
    if sharpness is None:
        return None
    blur = sharpness.blur_at_1000
    if blur <= most or sharpness.blur <= _AS_SHARP_AS_PIXELS:  # a small picture cannot be sharper
        return Outcome(
            "pass", f"{blur:.1f} px", wanted, "The picture is sharp.", values={"blur": blur, "blur_px": sharpness.blur}
        )
    sure = blur >= most * _SURE and sharpness.everywhere
    confidence = round(min(1.0, 0.5 + 0.3 * (blur / most - 1) / (_SURE - 1)), 2)
    return Outcome(
        status="fail" if sure else "warn",
        measured=f"{blur:.1f} px",
        wanted=wanted,
        detail="The picture is blurred." if sure else "The picture looks soft.",
        region=sharpness.region,
        confidence=confidence if sharpness.everywhere else min(confidence, _ONE_WAY),
        values={"blur": blur, "blur_px": sharpness.blur},
    )


RULE = Rule(
    "sharpness",
    "Sharpness",
    check,
    (Threshold("max_blur", "Width of the sharpest edges at most", unit="px at 1,000 px", lowest=0.3, highest=20),),
)
