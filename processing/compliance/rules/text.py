"""Text that was written over the background; the product's own print is never looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processing.compliance.rules.rule import Outcome, Rule, Threshold, Thresholds, number

if TYPE_CHECKING:
    from processing.compliance.picture import MeasuredPicture

_MAY_BE_PRINT = 0.5


def check(picture: MeasuredPicture, thresholds: Thresholds) -> Outcome | None:
    text = picture.text
    if text is None:
        return Outcome("pass", "none", "no text", "There is no text beside the product.")
    # Where the product was not found, what is read may be its own print.
    confidence = text.confidence if picture.subject or picture.blank else min(text.confidence, _MAY_BE_PRINT)
    sure = confidence >= number(thresholds, "sure", 0.8)
    lines = "1 line of text" if text.lines == 1 else f"{text.lines} lines of text"
    return Outcome(
        status="fail" if sure else "warn",
        measured=lines,
        wanted="no text",
        detail="There is text over the background." if sure else "There may be text over the background.",
        fix="Cut the product out and put it on a plain background.",
        region=text.region,
        confidence=confidence,
        values={"lines": text.lines},
    )


RULE = Rule("text", "Added text", check, (Threshold("sure", "Fails from this confidence", lowest=0.1, highest=1),))
