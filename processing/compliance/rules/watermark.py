"""A faint or repeated mark over the background; the product's own print is never looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processing.compliance.rules.rule import Outcome, Rule, Threshold, Thresholds, number

if TYPE_CHECKING:
    from processing.compliance.picture import MeasuredPicture

_MAY_BE_PRINT = 0.5


def check(picture: MeasuredPicture, thresholds: Thresholds) -> Outcome | None:
    mark = picture.watermark
    if mark is None:
        return Outcome("pass", "none", "no watermark", "There is no watermark beside the product.")
    # Where the product was not found, what is read may be its own print.
    confidence = mark.confidence if picture.subject or picture.blank else min(mark.confidence, _MAY_BE_PRINT)
    sure = confidence >= number(thresholds, "sure", 0.8)
    kind = "a repeated mark" if mark.repeated else "a faint mark"
    over = " It seems to go on over the product." if mark.over_product else ""
    return Outcome(
        status="fail" if sure else "warn",
        measured=kind,
        wanted="no watermark",
        detail=(
            "There is a watermark over the background." if sure else "There may be a watermark over the background."
        )
        + over,
        fix=None if mark.over_product else "Cut the product out and put it on a plain background.",
        region=mark.region,
        confidence=confidence,
        values={"repeated": float(mark.repeated), "over_product": float(mark.over_product)},
    )


RULE = Rule("watermark", "Watermark", check, (Threshold("sure", "Fails from this confidence", lowest=0.1, highest=1),))
