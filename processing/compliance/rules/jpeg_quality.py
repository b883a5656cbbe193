"""How strongly a JPEG was compressed, read from its quantisation tables; other formats have none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processing.compliance.rules.rule import Outcome, Rule, Threshold, Thresholds, number

if TYPE_CHECKING:
    from processing.compliance.picture import MeasuredPicture


def check(picture: MeasuredPicture, thresholds: Thresholds) -> Outcome | None:
    quality = picture.file.jpeg_quality
    if quality is None:
        return None
    least = number(thresholds, "min", 90)
    fits = quality >= least
    return Outcome(
        status="pass" if fits else "fail",
        measured=f"JPEG quality about {quality}",
        wanted=f"JPEG quality {least:g} or more",
        detail="The JPEG is lightly compressed." if fits else "The JPEG is compressed more than it should be.",
        fix=None
        if fits
        else "Save it at a higher quality; what was lost stays lost, so start from the original photo.",
        values={"quality": quality},
    )


RULE = Rule("jpeg_quality", "JPEG quality", check, (Threshold("min", "At least", lowest=1, highest=100),))
