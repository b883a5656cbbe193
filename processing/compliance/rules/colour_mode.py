"""RGB or another way of writing colour, and how many bits a channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processing.compliance.rules.rule import Outcome, Rule, Threshold, Thresholds, number, words

if TYPE_CHECKING:
    from processing.compliance.picture import MeasuredPicture

MODES = ("rgb", "grey", "cmyk", "palette", "lab")
_NAMES = {"rgb": "RGB", "grey": "Greyscale", "cmyk": "CMYK", "palette": "Palette", "lab": "Lab"}


def check(picture: MeasuredPicture, thresholds: Thresholds) -> Outcome | None:
    modes, bits = words(thresholds, "modes", ("rgb",)), int(number(thresholds, "bits", 8))
    file = picture.file
    fits = file.mode in modes and file.bits <= bits
    return Outcome(
        status="pass" if fits else "fail",
        measured=f"{_NAMES[file.mode]}, {file.bits} bit",
        wanted=f"{' or '.join(_NAMES[mode] for mode in modes)}, {bits} bit",
        detail="The colours are written as wanted." if fits else "The colours are not written as wanted.",
        fix=None if fits else f"Save it as RGB with {bits} bit.",
        values={"mode": file.mode, "bits": file.bits},
    )


RULE = Rule(
    "colour_mode",
    "Colour mode",
    check,
    (
        Threshold("modes", "Accepted modes", "words", choices=MODES),
        Threshold("bits", "Bits a channel at most", unit="bit", lowest=8, highest=32),
    ),
)
