"""The file's real format, by its content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processing.compliance import words
from processing.compliance.rules.rule import Outcome, Rule, Threshold, Thresholds
from processing.compliance.rules.rule import words as listed

if TYPE_CHECKING:
    from processing.compliance.picture import MeasuredPicture

FORMATS = ("jpeg", "png", "webp", "avif", "heic", "tiff", "bmp", "gif")


def check(picture: MeasuredPicture, thresholds: Thresholds) -> Outcome | None:
    accepted = listed(thresholds, "accepted", FORMATS)
    fits = picture.file.format in accepted
    name = words.format_name(picture.file.format)
    only = len(accepted) == 1
    return Outcome(
        status="pass" if fits else "fail",
        measured=name,
        wanted=words.formats(accepted),
        detail=f"{name} is {'preferred' if only else 'accepted'}."
        if fits
        else f"{name} is not the preferred format."
        if only
        else f"{name} is not among the formats that are taken.",
        fix=None if fits else f"Save the image as {words.format_name(accepted[0])}.",
        values={"format": picture.file.format},
    )


RULE = Rule("format", "File format", check, (Threshold("accepted", "Accepted formats", "words", choices=FORMATS),))
