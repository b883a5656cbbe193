"""How much of the frame the product spans, by its longer direction."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

from processing.compliance import words
from processing.compliance.rules.rule import Outcome, Rule, Threshold, Thresholds, number

if TYPE_CHECKING:
    from processing.compliance.picture import MeasuredPicture

_SURE = 0.5
_ROUNDING = 1e-9


def check(picture: MeasuredPicture, thresholds: Thresholds) -> Outcome | None:
    least, most = number(thresholds, "min", 0), number(thresholds, "max", 100)
    wanted = f"at least {least:g} % of the frame" if most >= 100 else f"{least:g} to {most:g} % of the frame"
    subject = picture.subject
    if subject is None:
        detail = "The product could not be told from its background, so its size was not measured."
        return Outcome("warn", "not measured", wanted, detail, confidence=0.0)
    _, _, width, height = subject.box
    share = max(width / picture.width, height / picture.height)
    fits = least / 100 - _ROUNDING <= share <= most / 100 + _ROUNDING
    detail = "The product has the right size in the frame."
    if not fits:
        small = share < least / 100
        detail = f"The product is too {'small' if small else 'large'} in the frame."
    return Outcome(
        status="pass" if fits else "fail" if subject.sure >= _SURE else "warn",
        measured=f"{words.percent(_rounded(share, least, most, fits))} of the frame",
        wanted=wanted,
        detail=detail,
        fix=None if fits else f"Scale the product to about {_target(least, most):g} % of the frame.",
        region=None if fits else subject.box,
        confidence=subject.sure,
        values={"share": share, "area": subject.area, "width": width, "height": height},
    )


def _rounded(share: float, least: float, most: float, fits: bool) -> float:
    """Never onto the figure that it misses: 84.96 % is not "85 %, wanted at least 85 %"."""
    tenths = round(1000 * share)
    if not fits and least <= tenths / 10 <= most:
        tenths = floor(1000 * share) if share < least / 100 else ceil(1000 * share)
    return tenths / 1000


def _target(least: float, most: float) -> float:
    return min(90.0, round((least + most) / 2)) if most < 100 else max(90.0, min(96.0, least + 3))


RULE = Rule(
    "fill",
    "Product size in the frame",
    check,
    (
        Threshold("min", "At least", unit="%", highest=100),
        Threshold("max", "At most", unit="%", lowest=1, highest=100),
    ),
)
