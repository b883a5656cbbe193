"""Pure white, counted over the whole background.

A band along the product is left out where compression smears its colours: `band` pixels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from processing.compliance import words
from processing.compliance.rules.rule import Outcome, Rule, Threshold, Thresholds, number

if TYPE_CHECKING:
    from processing.compliance.picture import MeasuredPicture

_FIX = "Put the product on pure white."
_WANTED = "pure white, 255, 255, 255"


def check(picture: MeasuredPicture, thresholds: Thresholds) -> Outcome | None:
    if picture.see_through > 0:
        return _transparent(picture.see_through, thresholds.get("transparent") == "allowed")
    near = int(number(thresholds, "near", 2))
    most = number(thresholds, "max_other", 0.1) / 100
    counted = picture.background(band=int(number(thresholds, "band", 8)), near=near)
    if counted is None:
        return Outcome("pass", "no background", _WANTED, "The product fills the whole frame.")
    exact, nearly, other = (words.percent(share) for share in (counted.exact, counted.near, counted.other))
    measured = f"{exact} pure white, {nearly} nearly, {other} darker"
    values = {"exact": counted.exact, "near": counted.near, "other": counted.other, "pixels": float(counted.pixels)}
    if counted.other >= most:
        detail = f"{other} of the background is darker than nearly white."
        if picture.subject is None:
            detail = "The background is no plain white surface."
        return Outcome("fail", measured, _WANTED, detail, _FIX, counted.region, values=values)
    if counted.near + counted.other >= most:
        detail = "The background is nearly white. Soft shadows and compression do this; it can be flattened."
        return Outcome("warn", measured, _WANTED, detail, _FIX, counted.region, values=values)
    return Outcome("pass", measured, _WANTED, "The background is pure white.", values=values)


def _transparent(share: float, allowed: bool) -> Outcome:
    measured = f"transparent over {words.percent(share)} of the picture"
    values = {"transparent": share}
    if allowed:
        return Outcome("pass", measured, "white or transparent", "The background is transparent.", values=values)
    detail = "The background is transparent, so the marketplace decides what is seen there."
    return Outcome("fail", measured, _WANTED, detail, _FIX, values=values)


RULE = Rule(
    "background",
    "Background",
    check,
    (
        Threshold("near", "Levels under 255 that still count as nearly white", highest=255),
        Threshold("max_other", "Darker pixels, less than", unit="%", lowest=0.001, highest=100),
        Threshold("band", "Pixels along the product that are not counted", unit="px", highest=200),
        Threshold("transparent", "Transparent background", "choice", choices=("allowed", "forbidden")),
    ),
)
