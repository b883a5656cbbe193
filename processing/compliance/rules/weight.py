"""The file's size; a megabyte is a million bytes, the stricter reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processing.compliance import words
from processing.compliance.rules.rule import Outcome, Rule, Threshold, Thresholds, number

if TYPE_CHECKING:
    from processing.compliance.picture import MeasuredPicture


def check(picture: MeasuredPicture, thresholds: Thresholds) -> Outcome | None:
    most = number(thresholds, "max_mb", 10)
    fits = picture.file.bytes <= most * 1e6
    return Outcome(
        status="pass" if fits else "fail",
        measured=words.megabytes(picture.file.bytes, most),
        wanted=f"at most {most:g} MB",
        detail="The file is light enough." if fits else "The file is too heavy.",
        fix=None if fits else "Save it as a JPEG of quality 90 to 95.",
        values={"bytes": picture.file.bytes},
    )


RULE = Rule("weight", "File size", check, (Threshold("max_mb", "At most", unit="MB", lowest=0.01, highest=1000),))
