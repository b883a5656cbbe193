"""A line of text on a picture: in one of nine places, or in staggered rows all over it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from processing.imaging.arrays import RGB, Alpha
from processing.imaging.colors import Color
from processing.imaging.cutout import Cutout
from processing.imaging.nine_places import Position
from processing.imaging.over import over
from processing.imaging.text_font import font

SMALLEST = 6
"""Pixels of the em below which nobody can read it."""
_ROWS = 64
# The rim: how wide, as a share of the em, and how much fainter than the text. White on white would not be seen.
_RIM, _RIM_STRENGTH = 1 / 26, 0.8
# Of a tile's letters' height: closer, its words would run together.
_LEAST_GAP = 0.5
_LIGHT_FROM = 128
_DARK_RIM, _LIGHT_RIM = 30, 235


@dataclass(frozen=True, slots=True)
class Mark:
    """`size` (of the em) and `margin` in pixels: to the edges of the picture, or between repetitions of a tile."""

    text: str
    position: Position
    opacity: float
    size: int
    color: Color
    margin: int


def draw(rgb: RGB, alpha: Alpha | None, mark: Mark) -> bool:
    """Draws the text, in place. False where it did not fit between the margins and was drawn smaller.

    `rgb`: (H, W, 3); `alpha`: (H, W) or None if opaque.
    """
    height, width = rgb.shape[:2]
    size = _fitting(mark, width, height)
    stamp = _stamp(mark, size)
    if mark.position == "tile":
        _tile(rgb, alpha, stamp, mark.margin)
    else:
        stamp = Cutout(0, 0, stamp.rgb[:height, :width], stamp.alpha[:height, :width])
        x, y = _place(mark.position, mark.margin, (width, height), (stamp.alpha.shape[1], stamp.alpha.shape[0]))
        over(Cutout(x, y, stamp.rgb, stamp.alpha), rgb, alpha)
    return size == mark.size


def _fitting(mark: Mark, width: int, height: int) -> int:
    free = 0 if mark.position == "tile" else mark.margin
    room = max(1, width - 2 * free), max(1, height - 2 * free)
    size = max(SMALLEST, mark.size)
    wide, high = _extent(mark.text, size)[2:]
    share = min(1.0, room[0] / wide, room[1] / high)
    if share == 1.0:
        return mark.size
    size = max(SMALLEST, int(size * share))
    while size > SMALLEST and (_extent(mark.text, size)[2] > room[0] or _extent(mark.text, size)[3] > room[1]):
        size -= 1
    return size


def _extent(text: str, size: int) -> tuple[int, int, int, int]:
    """Left and top of the ink, its width and height, with the rim, in pixels."""
    left, top, right, bottom = font(size).getbbox(text, stroke_width=_rim(size))
    return int(left), int(top), max(1, int(right - left)), max(1, int(bottom - top))


def _rim(size: int) -> int:
    return max(1, round(size * _RIM))


def _stamp(mark: Mark, size: int) -> Cutout:
    size = max(SMALLEST, size)
    left, top, width, height = _extent(mark.text, size)
    place = (-left, -top)
    outer, inner = Image.new("L", (width, height), 0), Image.new("L", (width, height), 0)
    ImageDraw.Draw(outer).text(place, mark.text, fill=255, font=font(size), stroke_width=_rim(size))
    ImageDraw.Draw(inner).text(place, mark.text, fill=255, font=font(size))
    ink = np.asarray(inner, np.float32) / 255
    rim = np.maximum(np.asarray(outer, np.float32) / 255 - ink, 0) * np.float32(_RIM_STRENGTH)
    cover = ink + rim
    brightness = 0.299 * mark.color[0] + 0.587 * mark.color[1] + 0.114 * mark.color[2]
    around = _DARK_RIM if brightness >= _LIGHT_FROM else _LIGHT_RIM
    share = (ink / np.maximum(cover, np.float32(1e-6)))[:, :, None]
    colors = share * np.array(mark.color, np.float32) + (1 - share) * np.float32(around)
    return Cutout(0, 0, np.rint(colors).astype(np.uint8), np.rint(cover * (255 * mark.opacity)).astype(np.uint8))


def _place(position: Position, margin: int, canvas: tuple[int, int], stamp: tuple[int, int]) -> tuple[int, int]:
    free = canvas[0] - stamp[0], canvas[1] - stamp[1]
    across = 0.0 if "left" in position else 1.0 if "right" in position else 0.5
    down = 0.0 if "top" in position else 1.0 if "bottom" in position else 0.5
    x, y = (
        round(before + (room - 2 * before) * share)
        for room, share, before in (
            (free[0], across, min(margin, free[0] // 2)),
            (free[1], down, min(margin, free[1] // 2)),
        )
    )
    return x, y


def _tile(rgb: RGB, alpha: Alpha | None, stamp: Cutout, margin: int) -> None:
    """Rows of the text, every second one moved by half, a few of the picture's rows at a time."""
    height, width = rgb.shape[:2]
    stamp_height, stamp_width = stamp.alpha.shape
    gap = max(1, margin, round(_LEAST_GAP * stamp_height))
    step_across, step_down = stamp_width + gap, stamp_height + gap
    colors = np.zeros((2 * step_down, step_across, 3), np.uint8)
    opacity = np.zeros((2 * step_down, step_across), np.uint8)
    for row, shift in ((0, 0), (step_down, step_across // 2)):
        columns = (np.arange(stamp_width) + shift) % step_across
        colors[row : row + stamp_height, columns] = stamp.rgb
        opacity[row : row + stamp_height, columns] = stamp.alpha
    across = np.arange(width) % step_across
    for top in range(0, height, _ROWS):
        here = np.ix_(np.arange(top, min(top + _ROWS, height)) % (2 * step_down), across)
        over(Cutout(0, top, colors[here], opacity[here]), rgb, alpha)
