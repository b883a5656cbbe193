"""What the file tells beside the picture: the place where it was taken, the camera, the editing history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processing.compliance import words
from processing.compliance.rules.rule import Outcome, Rule, Thresholds

if TYPE_CHECKING:
    from processing.compliance.picture import MeasuredPicture


def check(picture: MeasuredPicture, thresholds: Thresholds) -> Outcome | None:
    found = picture.file.metadata
    if not found:
        return Outcome("pass", "none", "none", "The file holds the picture alone.")
    place = "place" in found
    return Outcome(
        status="fail",
        measured=words.listed(found, "and"),
        wanted="none",
        detail="The file tells where the photo was taken." if place else "The file tells more than the picture.",
        fix="Save it without metadata.",
        values={"metadata": ",".join(found)},
    )


RULE = Rule("metadata", "Metadata", check)
