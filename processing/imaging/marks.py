"""What somebody points at in a photo to correct its cut: clicks and brush strokes, in the order in which they came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from processing.imaging.arrays import Mask

Point = tuple[float, float]
"""x, y in pixels of the upright photo; 0, 0 is its top left corner."""

_BITS = 4
"""Of a pixel's fraction, for OpenCV."""


@dataclass(frozen=True, slots=True)
class Mark:
    """`keep`: this belongs to the product; else it does not. `radius`: of the brush, in pixels; 0 is a click, which
    has one point and concerns the whole part that it lies on."""

    keep: bool
    points: tuple[Point, ...]
    radius: float = 0.0

    @property
    def click(self) -> bool:
        return self.radius == 0

    def scaled(self, ratio: float) -> Mark:
        """The same mark on a copy of the photo that is `ratio` times as large."""
        points = tuple((x * ratio, y * ratio) for x, y in self.points)
        return Mark(self.keep, points, self.radius * ratio)


def stroke(mark: Mark, shape: tuple[int, ...]) -> tuple[tuple[slice, slice], Mask]:
    """Where in a photo of that shape the brush paints, and what it covers there: float32 (h, w) in 0..1."""
    reach = mark.radius + 2
    across, down = [x for x, _ in mark.points], [y for _, y in mark.points]
    left, right = _within(min(across) - reach, shape[1]), _within(max(across) + reach, shape[1])
    top, bottom = _within(min(down) - reach, shape[0]), _within(max(down) + reach, shape[0])
    plane = np.zeros((bottom - top, right - left), np.uint8)
    if plane.size:
        line = np.round((np.array(mark.points) - (left + 0.5, top + 0.5)) * (1 << _BITS)).astype(np.int32)
        cv2.polylines(plane, [line[:, None]], False, 255, max(1, round(2 * mark.radius)), cv2.LINE_AA, _BITS)
        for x, y in (line[0], line[-1]):
            cv2.circle(plane, (int(x), int(y)), round(mark.radius * (1 << _BITS)), 255, -1, cv2.LINE_AA, _BITS)
    return (slice(top, bottom), slice(left, right)), plane.astype(np.float32) / np.float32(255)


def _within(value: float, length: int) -> int:
    return min(length, max(0, round(value)))


def in_order(keep: Sequence[Point], remove: Sequence[Point]) -> list[Mark]:
    """Clicks of which only the kind is known: first everything that belongs to the product, then what does not."""
    return [Mark(True, (point,)) for point in keep] + [Mark(False, (point,)) for point in remove]
