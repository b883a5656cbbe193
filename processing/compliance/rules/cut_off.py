"""A product that the frame cuts off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processing.compliance import words
from processing.compliance.rules.rule import Outcome, Rule, Thresholds

if TYPE_CHECKING:
    from processing.compliance.picture import MeasuredPicture

_ORDER = ("top", "right", "bottom", "left")


def check(picture: MeasuredPicture, thresholds: Thresholds) -> Outcome | None:
    subject = picture.subject
    wanted = "the whole product inside the frame"
    if subject is None:
        return None
    sides = [side for side in _ORDER if side in subject.cut]
    if not sides:
        return Outcome("pass", "inside the frame", wanted, "The whole product is visible.", confidence=subject.sure)
    named = words.listed(sides, "and")
    return Outcome(
        status="fail" if subject.sure >= 0.5 else "warn",
        measured=f"touches the frame at the {named}",
        wanted=wanted,
        detail=f"The product touches the frame at the {named}; part of it may be cut off.",
        region=subject.box,
        confidence=subject.sure,
        values={"sides": ",".join(sides)},
    )


RULE = Rule("cut_off", "Whole product", check)
