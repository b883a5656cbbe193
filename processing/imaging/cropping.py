"""Which part of a photo to keep around its subject. Pure arithmetic: no pixels are touched here."""

from __future__ import annotations

from collections.abc import Collection
from math import ceil, floor

from processing.imaging.placement import Size

Area = tuple[int, int, int, int]
"""x, y, width, height in pixels."""

# Pixels by which rounding may make a margin smaller without anybody being told.
_ROUNDING = 1.5


class RatioDoesNotFit(ValueError):
    """No part of the photo has the ratio and the whole subject in it."""


def around(box: Area, source: Size, *, margin: float, ratio: float | None) -> Area:
    """The part with the subject's `box` in it, and `margin` times its own shorter side free around that.

    `ratio`: width by height; None takes what the subject has. The subject is in the middle where the photo reaches
    far enough; elsewhere the part ends where the photo does. Raises RatioDoesNotFit.
    """
    width, height = _wanted(box[2], box[3], margin, ratio)
    if ratio is None:
        x, across = _clipped(box[0], box[2], width, source[0])
        y, down = _clipped(box[1], box[3], height, source[1])
        return x, y, across, down
    shrink = min(1.0, source[0] / width, source[1] / height)
    across, down = _whole_pixels(width * shrink, height * shrink, ratio, source)
    if across < box[2] or down < box[3]:
        raise RatioDoesNotFit
    return _moved_in(box[0], box[2], across, source[0]), _moved_in(box[1], box[3], down, source[1]), across, down


def short_sides(part: Area, box: Area, *, margin: float, cut: Collection[str]) -> frozenset[str]:
    """Sides of the part with less free space than `margin`; not those on which the photo cuts the subject off."""
    wanted = margin * min(part[2], part[3]) - _ROUNDING
    free = {
        "left": box[0] - part[0],
        "top": box[1] - part[1],
        "right": part[0] + part[2] - box[0] - box[2],
        "bottom": part[1] + part[3] - box[1] - box[3],
    }
    return frozenset(side for side, space in free.items() if side not in cut and space < wanted)


def _wanted(width: int, height: int, margin: float, ratio: float | None) -> tuple[float, float]:
    """Width and height of the part. The margin is a share of its shorter side s: s = subject + 2 · margin · s."""
    if ratio is None:
        free = 2 * margin * min(width, height) / (1 - 2 * margin)
        return width + free, height + free
    if ratio >= 1:
        shorter = max(height / (1 - 2 * margin), width / (ratio - 2 * margin))
        return shorter * ratio, shorter
    shorter = max(width / (1 - 2 * margin), height / (1 / ratio - 2 * margin))
    return shorter, shorter / ratio


def _whole_pixels(width: float, height: float, ratio: float, source: Size) -> Size:
    """Rounded up so that the subject stays whole, the longer side following from the shorter."""
    if ratio >= 1:
        down = min(ceil(height - 1e-6), source[1])
        return min(_half_up(down * ratio), source[0]), down
    across = min(ceil(width - 1e-6), source[0])
    return across, min(_half_up(across / ratio), source[1])


def _clipped(start: int, length: int, wanted: float, limit: int) -> tuple[int, int]:
    free = ceil((wanted - length) / 2 - 1e-6)
    first, last = max(0, start - free), min(limit, start + length + free)
    return first, last - first


def _moved_in(start: int, length: int, wanted: int, limit: int) -> int:
    middle = _half_up(start + (length - wanted) / 2)
    return min(max(middle, 0), limit - wanted)


def _half_up(value: float) -> int:
    return floor(value + 0.5)
