"""The upscaler that needs no model: consistent Lanczos, then edges, in turns with back-projection."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import cv2
import numpy as np
from numpy.typing import NDArray

from processing.imaging.upscaling import bounds, edges
from processing.imaging.upscaling.kernels import cubic, lanczos
from processing.imaging.upscaling.planes import Plane, average, interpolate

_LANCZOS_REACH, _CUBIC_REACH = 6, 2
_STEP = 0.4  # of diffusion; 0.5 is where it stops being stable
_TEXTURE = 0.25
# Rounds, and steps of diffusion in each: a larger factor makes longer stairs.
_ROUNDS = {2: (3, 2), 3: (4, 3), 4: (4, 4)}
# An enlarged tile of this side fits its thirty planes into some 200 MB and most of each step into the cache.
_ENLARGED_TILE = 1152


@dataclass(frozen=True, slots=True)
class BackProjection:
    """Enlarges 2, 3 or 4 times (processing.imaging.upscaling.tiles.Upscaler).

    Works on the values as they are in the file. In linear light the same steps come less close to the truth, even for
    pictures that were averaged in linear light themselves (python -m tests.benchmarks.upscale).
    """

    factor: int

    name = "back-projection"
    runtime = "opencv"

    @property
    def halo(self) -> int:
        rounds, steps = _ROUNDS[self.factor]
        found = ceil(edges.reach(self.factor) / self.factor)
        return _LANCZOS_REACH + found + rounds * (ceil(steps / self.factor) + 1 + _CUBIC_REACH)

    @property
    def tile(self) -> int:
        return _ENLARGED_TILE // self.factor

    def enlarge(self, patch: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """uint8 (h, w) or (h, w, 3) to (factor · h, factor · w[, 3]); right from `halo` source pixels inwards."""
        if patch.ndim == 2:
            return np.asarray(cv2.convertScaleAbs(self._alpha(patch.astype(np.float32))), np.uint8)
        planes = self.colours([np.asarray(plane, np.float32) for plane in cv2.split(patch)])
        return np.asarray(cv2.merge([_rounded(plane) for plane in planes]), np.uint8)

    def _alpha(self, plane: Plane) -> Plane:
        low, high = bounds.bounds(plane, self.factor, texture=0)  # what is opaque stays so
        start = bounds.clamp(self._interpolated(plane), low, high)
        return self._refined(start, plane, low, high)

    def colours(self, planes: list[Plane]) -> list[Plane]:
        """Red, green and blue enlarged. Edges are where the brightness has them: every colour goes with it."""
        limits = [bounds.bounds(plane, self.factor, texture=_TEXTURE) for plane in planes]
        starts = [bounds.clamp(self._interpolated(plane), *limit) for plane, limit in zip(planes, limits, strict=True)]
        source, before = _brightness(planes), _brightness(starts)
        low, high = bounds.bounds(source, self.factor, texture=_TEXTURE)
        change = cv2.subtract(self._refined(before, source, low, high), before)
        return [
            bounds.clamp(np.asarray(cv2.add(start, change), np.float32), *limit)
            for start, limit in zip(starts, limits, strict=True)
        ]

    def _interpolated(self, plane: Plane) -> Plane:
        return interpolate(plane, lanczos(self.factor, reach=_LANCZOS_REACH))

    def _refined(self, plane: Plane, source: Plane, low: Plane, high: Plane) -> Plane:
        rounds, steps = _ROUNDS[self.factor]
        along = edges.directions(plane, self.factor)
        kernels = cubic(self.factor, reach=_CUBIC_REACH)
        for _ in range(rounds):
            for _ in range(steps):
                plane = edges.smooth_along(plane, along, _STEP)
            missing = cv2.subtract(source, average(plane, self.factor))
            plane = np.asarray(cv2.add(plane, interpolate(np.asarray(missing, np.float32), kernels)), np.float32)
            bounds.clamp(plane, low, high)
        return plane


def _brightness(planes: list[Plane]) -> Plane:
    red, green, blue = planes
    return np.asarray(cv2.scaleAdd(red, 0.299, cv2.scaleAdd(green, 0.587, 0.114 * blue)), np.float32)


def _rounded(plane: Plane) -> NDArray[np.uint8]:
    """To the nearest level, within 0..255."""
    return np.clip(np.rint(plane), 0, 255).astype(np.uint8)
