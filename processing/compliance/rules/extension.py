"""The name's ending must say what the file is. Judged where the name is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processing.compliance import words
from processing.compliance.rules.rule import Outcome, Rule, Thresholds

if TYPE_CHECKING:
    from processing.compliance.picture import MeasuredPicture

ENDINGS = {
    "jpeg": ("jpg", "jpeg"),
    "png": ("png",),
    "webp": ("webp",),
    "avif": ("avif",),
    "heic": ("heic", "heif"),
    "tiff": ("tif", "tiff"),
    "bmp": ("bmp",),
    "gif": ("gif",),
}


def check(picture: MeasuredPicture, thresholds: Thresholds) -> Outcome | None:
    if not picture.filename:
        return None
    stem, _, ending = picture.filename.rpartition(".")
    ending = ending.lower() if stem else ""
    real = picture.file.format
    fits = ending in ENDINGS[real]
    return Outcome(
        status="pass" if fits else "fail",
        measured=f".{ending}, really {words.format_name(real)}"
        if ending
        else f"none, really {words.format_name(real)}",
        wanted=words.listed([f".{one}" for one in ENDINGS[real]]),
        detail="The name says what the file is."
        if fits
        else f"The file's name does not say that it is a {words.format_name(real)}.",
        fix=None if fits else "Save the image anew; its name then ends as it should.",
        values={"extension": ending, "format": real},
    )


RULE = Rule("extension", "File name", check)
