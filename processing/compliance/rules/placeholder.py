"""A stand-in instead of a photo: nothing to see on it, or nothing but text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processing.compliance.rules.rule import Outcome, Rule, Thresholds

if TYPE_CHECKING:
    from processing.compliance.picture import MeasuredPicture


def check(picture: MeasuredPicture, thresholds: Thresholds) -> Outcome | None:
    if not picture.blank:
        return Outcome("pass", "a picture", "a photo of the product", "There is something to see.")
    text = picture.text is not None
    return Outcome(
        status="fail",
        measured="text alone" if text else "one plain surface",
        wanted="a photo of the product",
        detail="This looks like a placeholder: no product was found on it.",
        confidence=0.9,
    )


RULE = Rule("placeholder", "No placeholder", check)
