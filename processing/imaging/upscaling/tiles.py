"""A picture enlarged tile by tile: memory is that of a tile, and no seam shows where two of them meet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray


class Upscaler(Protocol):
    """Enlarges by a whole factor. `halo`: how far it looks around a source pixel. `tile`: its usual tile's side.

    `name`: as the answer's `engine`; `runtime`: what computes it.
    """

    @property
    def name(self) -> str: ...

    @property
    def runtime(self) -> str: ...

    @property
    def factor(self) -> int: ...

    @property
    def halo(self) -> int: ...

    @property
    def tile(self) -> int: ...

    def enlarge(self, patch: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """uint8 (h, w, 3), or (h, w) where it takes alphas, to factor times that, all of it within 0..255.

        What lies nearer to the patch's border than `halo` is not looked at.
        """


def bands(pixels: NDArray[np.uint8], upscaler: Upscaler, *, tile: int | None = None) -> Iterator[NDArray[np.uint8]]:
    """`pixels`, uint8 (H, W) or (H, W, 3), enlarged: from top to bottom in bands as wide as the whole.

    Any `tile` gives the same picture: every tile sees `halo` pixels of its neighbours, and beyond the picture its
    mirror image.
    """
    height, width = pixels.shape[:2]
    side = tile or upscaler.tile
    for top in range(0, height, side):
        bottom = min(top + side, height)
        enlarged = [
            _tile(pixels, upscaler, top, bottom, left, min(left + side, width)) for left in range(0, width, side)
        ]
        yield enlarged[0] if len(enlarged) == 1 else np.concatenate(enlarged, axis=1)


def _tile(
    pixels: NDArray[np.uint8], upscaler: Upscaler, top: int, bottom: int, left: int, right: int
) -> NDArray[np.uint8]:
    halo, factor = upscaler.halo, upscaler.factor
    height, width = pixels.shape[:2]
    seen = pixels[max(top - halo, 0) : bottom + halo, max(left - halo, 0) : right + halo]
    missing = (
        max(halo - top, 0),
        max(bottom + halo - height, 0),
        max(halo - left, 0),
        max(right + halo - width, 0),
    )
    patch = np.asarray(cv2.copyMakeBorder(seen, *missing, cv2.BORDER_REFLECT), np.uint8) if any(missing) else seen
    enlarged = upscaler.enlarge(np.ascontiguousarray(patch))
    inside = halo * factor
    return enlarged[inside : inside + factor * (bottom - top), inside : inside + factor * (right - left)]
