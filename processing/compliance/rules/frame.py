"""A border drawn around the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processing.compliance import words
from processing.compliance.rules.rule import Outcome, Rule, Threshold, Thresholds, number

if TYPE_CHECKING:
    from processing.compliance.picture import MeasuredPicture


def check(picture: MeasuredPicture, thresholds: Thresholds) -> Outcome | None:
    frame = picture.frame
    if frame is None:
        return Outcome("pass", "none", "no frame", "There is no border around the picture.")
    sure = frame.confidence >= number(thresholds, "sure", 0.8)
    named = "all sides" if len(frame.sides) == 4 else words.listed(frame.sides, "and")
    return Outcome(
        status="fail" if sure else "warn",
        measured=f"a border of {words.pixels(frame.thickness)} on {named}",
        wanted="no frame",
        detail="There is a border around the picture." if sure else "There may be a border around the picture.",
        fix="Cut the product out and put it on a plain background.",
        region=frame.region,
        confidence=frame.confidence,
        values={"thickness": frame.thickness, "sides": ",".join(frame.sides)},
    )


RULE = Rule("frame", "Frame", check, (Threshold("sure", "Fails from this confidence", lowest=0.1, highest=1),))
