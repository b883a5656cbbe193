"""A single still picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processing.compliance.rules.rule import Outcome, Rule, Thresholds

if TYPE_CHECKING:
    from processing.compliance.picture import MeasuredPicture


def check(picture: MeasuredPicture, thresholds: Thresholds) -> Outcome | None:
    frames = picture.file.frames
    still = frames == 1
    return Outcome(
        status="pass" if still else "fail",
        measured="1 picture" if still else f"{frames} pictures",
        wanted="1 picture",
        detail="The file holds one still picture." if still else "The file is animated or has several pages.",
        fix=None if still else "Make a still image of the first picture.",
        values={"frames": frames},
    )


RULE = Rule("animated", "Still picture", check)
