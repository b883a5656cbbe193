"""The watermark of test keys: a word all over the image, readable on light, dark and transparent."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from processing.imaging.cutout import Cutout
from processing.imaging.over import over

if TYPE_CHECKING:
    from processing.imaging.arrays import RGB, Alpha

_WORD = "SANDBOX"
_LIGHT, _DARK = 255, 40
_STRENGTH = 0.5
_ROWS = 64


def watermark(rgb: RGB, alpha: Alpha | None) -> None:
    """Draws the word in rows across the image, in place. `rgb`: (H, W, 3); `alpha`: (H, W) or None if opaque.

    The same size gives the same pixels.
    """
    height, width = rgb.shape[:2]
    opacity, ink = _tile(max(8, round(0.05 * min(width, height))))
    across = np.arange(width) % opacity.shape[1]
    for top in range(0, height, _ROWS):
        down = np.arange(top, min(top + _ROWS, height)) % opacity.shape[0]
        here = np.ix_(down, across)
        over(Cutout(0, top, np.repeat(ink[here][:, :, None], 3, axis=2), opacity[here]), rgb, alpha)


@lru_cache(maxsize=4)
def _tile(size: int) -> tuple[Alpha, Alpha]:
    """One repetition: its opacity and its grey level, with the word twice so that rows are staggered."""
    font = ImageFont.load_default(size)  # ships with Pillow
    edge = max(1, size // 12)
    left, top, right, bottom = font.getbbox(_WORD, stroke_width=edge)
    word_width, word_height = int(right - left), int(bottom - top)
    width, height = 2 * round(0.85 * word_width), 2 * round(2.6 * word_height)
    opacity = Image.new("L", (width, height), 0)
    ink = Image.new("L", (width, height), _DARK)
    for x, y in ((0, height // 4), (width // 2, 3 * height // 4)):
        for wrapped in (x, x - width):
            place = (wrapped - left, y - word_height // 2 - top)
            ImageDraw.Draw(opacity).text(place, _WORD, fill=255, font=font, stroke_width=edge)
            ImageDraw.Draw(ink).text(place, _WORD, fill=_LIGHT, font=font)
    return (np.asarray(opacity) * _STRENGTH).round().astype(np.uint8), np.asarray(ink)
