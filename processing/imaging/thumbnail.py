"""Small pictures for pages, made by the web process: Pillow alone, decoding no more than is needed."""

from __future__ import annotations

import io

from PIL import Image

from processing.imaging.colour import to_srgb
from processing.imaging.inspect import open_image
from processing.imaging.limits import Limits
from processing.imaging.loading import load
from processing.imaging.profiles import srgb_profile
from processing.imaging.upright import upright

_QUALITY = 82
_SHRUNK_FIRST = {"L", "RGB", "RGBA", "CMYK"}


def thumbnail(data: bytes, limits: Limits, *, side: int) -> bytes:
    """A WebP, upright and in sRGB, whose longer side is at most `side` pixels; never enlarged; alpha kept.

    Raises subclasses of InvalidImage.
    """
    opened = open_image(data, limits)
    image = load(opened, side=side)
    if image.mode in _SHRUNK_FIRST and "transparency" not in image.info:
        # Colours are converted where there are few of them.
        image = _shrunk(image, side)
    small = upright(_shrunk(to_srgb(image, opened.profile), side), opened.info.orientation)
    buffer = io.BytesIO()
    small.save(buffer, "WEBP", quality=_QUALITY, method=2, icc_profile=srgb_profile())
    return buffer.getvalue()


def _shrunk(image: Image.Image, side: int) -> Image.Image:
    longer = max(image.size)
    if longer <= side:
        return image
    size = max(1, round(image.width * side / longer)), max(1, round(image.height * side / longer))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
