"""The few things that EXIF says and that change how a picture looks."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from PIL import Image

_ORIENTATION = 0x0112
_EXIF_IFD, _INTEROPERABILITY_IFD = 0x8769, 0xA005
_COLOR_SPACE, _INTEROPERABILITY_INDEX = 0xA001, 0x0001
_ADOBE_RGB, _UNCALIBRATED = 2, 65_535
_DAMAGED = (OSError, SyntaxError, ValueError, LookupError, TypeError, struct.error, ArithmeticError)
# HEIC and TIFF are turned by their readers.
_TURNED_ALREADY = {"heic", "tiff"}


@dataclass(frozen=True, slots=True)
class Exif:
    """`orientation`: 1 to 8, as far as it is still to be applied. `adobe_rgb`: the camera was set to Adobe RGB."""

    orientation: int = 1
    adobe_rgb: bool = False


def read_exif(image: Image.Image, kind: str) -> Exif:
    """Of an image whose header was read. What is damaged counts as not there."""
    try:
        exif = _exif(image, kind)
        turn = 1 if kind in _TURNED_ALREADY else exif.get(_ORIENTATION, 1)
        adobe = kind == "jpeg" and _is_adobe_rgb(exif)
    except _DAMAGED:
        return Exif()
    return Exif(turn if isinstance(turn, int) and 1 <= turn <= 8 else 1, adobe)


def _exif(image: Image.Image, kind: str) -> Image.Exif:
    if kind != "png":
        return image.getexif()
    # Pillow would decode the whole PNG in search of EXIF behind the pixels.
    exif = Image.Exif()
    exif.load(image.info.get("exif", b""))
    return exif


def _is_adobe_rgb(exif: Image.Exif) -> bool:
    """Cameras say so by the file system's rules (DCF 2.0), often without a profile."""
    space = exif.get_ifd(_EXIF_IFD).get(_COLOR_SPACE)
    if space == _ADOBE_RGB:
        return True
    index = exif.get_ifd(_INTEROPERABILITY_IFD).get(_INTEROPERABILITY_INDEX)
    return space == _UNCALIBRATED and str(index).startswith("R03")
