"""The mug on the kitchen table: its alpha is known, and so is the hole in its handle."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from processing.imaging.arrays import RGB, Mask
from tests.support.pictures.hollow import hollow

SEEDS = (15, 31, 41, 57, 71, 103)
"""The mugs that stand on wood with their handle to the right."""


@dataclass(frozen=True, slots=True)
class Mug:
    """`rgb` uint8 (H, W, 3); `alpha` float32 (H, W); `hole` bool (H, W); `in_hole`, `on_handle`: x, y."""

    rgb: RGB
    alpha: Mask
    hole: NDArray[np.bool_]
    in_hole: tuple[int, int]
    on_handle: tuple[int, int]

    @property
    def closed(self) -> Mask:
        """The alpha of a network that took what is seen through the handle for the mug."""
        return np.where(around(self.hole, 4), 1, self.alpha).astype(np.float32)

    @property
    def handle(self) -> NDArray[np.bool_]:
        """The handle, as far as it goes beyond its hole on the right."""
        return _right_of(self.hole, self.alpha)


@cache
def mug_on_a_table(seed: int = 15, size: tuple[int, int] = (600, 480)) -> Mug:
    """On wood, its handle to the right. `seed`: one of SEEDS; `size`: width, height."""
    picture = hollow(seed, size=size, kind="mug")
    _, labels, stats, _ = cv2.connectedComponentsWithStats(picture.holes.astype(np.uint8))
    hole = labels == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
    return Mug(picture.rgb, picture.alpha, hole, _deepest(hole), _deepest(_right_of(hole, picture.alpha)))


def around(region: NDArray[np.bool_], by: int) -> NDArray[np.bool_]:
    """The region and `by` pixels beside it."""
    return np.asarray(cv2.dilate(region.astype(np.uint8), np.ones((2 * by + 1,) * 2, np.uint8)) > 0, np.bool_)


def _right_of(hole: NDArray[np.bool_], alpha: Mask) -> NDArray[np.bool_]:
    beyond = int(np.flatnonzero(hole.any(axis=0)).max())
    return np.asarray((alpha > 0.5) & (np.arange(alpha.shape[1]) > beyond)[None], np.bool_)


def _deepest(region: NDArray[np.bool_]) -> tuple[int, int]:
    depth = cv2.distanceTransform(region.astype(np.uint8), cv2.DIST_L2, 5)
    y, x = np.unravel_index(int(depth.argmax()), depth.shape)
    return int(x), int(y)


IN_HANDLE, ON_BODY, ON_BACKDROP = (194, 100), (100, 100), (30, 30)
"""x, y in the photo of `mug_before_a_cloth`."""


def mug_before_a_cloth() -> bytes:
    """A PNG of 240 × 200 on a plain backdrop: a yellow cloth is seen through the handle, which no backdrop explains."""
    image = Image.new("RGB", (240, 200), (232, 233, 235))
    draw = ImageDraw.Draw(image)
    draw.ellipse((150, 60, 226, 140), fill=(90, 45, 20))
    draw.ellipse((166, 76, 210, 124), fill=(214, 176, 60))
    draw.rectangle((40, 40, 170, 160), fill=(90, 45, 20))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
