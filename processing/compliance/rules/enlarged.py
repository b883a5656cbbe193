"""A small picture that was scaled up: no edge is as sharp as its pixels could show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processing.compliance.rules.rule import Outcome, Rule, Threshold, Thresholds, number

if TYPE_CHECKING:
    from processing.compliance.picture import MeasuredPicture


def check(picture: MeasuredPicture, thresholds: Thresholds) -> Outcome | None:
    sharpness = picture.sharpness
    if sharpness is None:
        return None
    most = number(thresholds, "max_blur", 1.8)
    fits = sharpness.blur <= most
    return Outcome(
        status="pass" if fits else "warn",
        measured=f"edges {sharpness.blur:.1f} px wide",
        wanted=f"edges at most {most:g} px wide",
        detail="The picture shows as much as its pixels can."
        if fits
        else "The picture may have been scaled up from a smaller one, or is soft.",
        values={"blur_px": sharpness.blur},
    )


RULE = Rule(
    "enlarged",
    "Not scaled up",
    check,
    (Threshold("max_blur", "Width of the sharpest edges at most", unit="px", lowest=0.3, highest=50),),
)
