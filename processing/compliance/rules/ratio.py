"""Width to height, one pixel of rounding aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processing.compliance import words
from processing.compliance.rules.rule import Outcome, Rule, Threshold, Thresholds, number

if TYPE_CHECKING:
    from processing.compliance.picture import MeasuredPicture


def check(picture: MeasuredPicture, thresholds: Thresholds) -> Outcome | None:
    wanted = number(thresholds, "ratio", 1)
    tolerance = number(thresholds, "tolerance", 0.2) / 100
    ratio = picture.width / picture.height
    rounding = 1 / min(picture.width, picture.height)
    fits = abs(ratio / wanted - 1) <= max(tolerance, rounding) + 1e-9
    square = wanted == 1
    return Outcome(
        status="pass" if fits else "fail",
        measured=f"{words.size(picture.width, picture.height)}, {_named(ratio)}",
        wanted="1:1 (square)" if square else _named(wanted),
        detail="The shape is right." if fits else f"The picture is not {'square' if square else 'in this shape'}.",
        fix=None if fits else "Put the product on a canvas of that shape.",
        values={"ratio": round(ratio, 4)},
    )


def _named(ratio: float) -> str:
    return f"{ratio:.3g}:1" if ratio >= 1 else f"1:{1 / ratio:.3g}"


RULE = Rule(
    "ratio",
    "Shape",
    check,
    (
        Threshold("ratio", "Width divided by height", lowest=0.05, highest=20),
        Threshold("tolerance", "Allowed deviation", unit="%", highest=50),
    ),
)
