"""A picture enlarged to any size: by whole factors, then exactly."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, log

import cv2
import numpy as np
from numpy.typing import NDArray

from processing.imaging.arrays import RGB, Alpha
from processing.imaging.placement import Size
from processing.imaging.upscaling.back_projection import BackProjection
from processing.imaging.upscaling.extend import extend
from processing.imaging.upscaling.tiles import Upscaler, bands

# The last percents of a ratio are stretched: three times as much work for 2.01 would be seen by nobody.
_STRETCH = 1.02
_LARGEST_FACTOR = 4
_STRIP = 1024  # rows or columns at a time

Choose = Callable[[float], Upscaler]
"""The upscaler for the next pass, by how many times the picture is still to be enlarged."""


def upscale(rgb: RGB, alpha: Alpha | None, size: Size, network: Upscaler | None = None) -> tuple[RGB, Alpha | None]:
    """The picture at `size` (width, height), which is not smaller. `network`: for the colours, instead of our own.

    Colours under an alpha are extended first and enlarged as if it were not there; so no fringe can arise.
    """

    def choose(ratio: float) -> Upscaler:
        return network or our_own(ratio)

    if alpha is None:
        return to_size(rgb, size, choose), None
    return to_size(extend(rgb, alpha), size, choose), to_size(alpha, size, our_own)


def our_own(ratio: float) -> BackProjection:
    """The smallest factor that gets there in as few passes as possible."""
    passes = max(1, ceil(log(ratio / _STRETCH, _LARGEST_FACTOR)))
    return BackProjection(min(_LARGEST_FACTOR, max(2, ceil((ratio / _STRETCH) ** (1 / passes)))))


def to_size(pixels: NDArray[np.uint8], size: Size, choose: Choose) -> NDArray[np.uint8]:
    """uint8 (H, W) or (H, W, 3) at `size` (width, height)."""
    while (ratio := max(size[0] / pixels.shape[1], size[1] / pixels.shape[0])) > _STRETCH:
        upscaler = choose(ratio)
        last = upscaler.factor * _STRETCH >= ratio
        pixels = _pass(pixels, upscaler, size[0] if last else pixels.shape[1] * upscaler.factor)
    return _stretched(pixels, size)


def _pass(pixels: NDArray[np.uint8], upscaler: Upscaler, width: int) -> NDArray[np.uint8]:
    """Enlarged, and brought to its final width band by band: what the last factor is too large never exists whole."""
    out = np.empty((pixels.shape[0] * upscaler.factor, width, *pixels.shape[2:]), np.uint8)
    top = 0
    for band in bands(pixels, upscaler):
        bottom = top + band.shape[0]
        out[top:bottom] = _stretched(band, (width, band.shape[0]))
        top = bottom
    return out


def _stretched(pixels: NDArray[np.uint8], size: Size) -> NDArray[np.uint8]:
    for axis, length in ((1, size[0]), (0, size[1])):
        if pixels.shape[axis] != length:
            out = np.empty((*pixels.shape[:axis], length, *pixels.shape[axis + 1 :]), np.uint8)
            across = 1 - axis
            for start in range(0, pixels.shape[across], _STRIP):
                strip = slice(start, start + _STRIP)
                part = (slice(None), strip) if axis == 0 else strip
                out[part] = _along(pixels[part], axis, length)
            pixels = out
    return pixels


def _along(pixels: NDArray[np.uint8], axis: int, length: int) -> NDArray[np.uint8]:
    """Rows (axis 0) or columns (1) brought to `length`: cubic, within the values of the pixels around.

    What was enlarged has no detail as fine as its pixels, so a filter that averages would only blur it: up to half
    the length nothing is lost without one.
    """
    size = (length, pixels.shape[0]) if axis else (pixels.shape[1], length)
    if 2 * length < pixels.shape[axis]:
        return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    out = cv2.resize(pixels, size, interpolation=cv2.INTER_CUBIC)
    near = np.ones((1, 3) if axis else (3, 1), np.uint8)
    for extreme, clamp in ((cv2.erode, cv2.max), (cv2.dilate, cv2.min)):
        bound = cv2.resize(extreme(pixels, near), size, interpolation=cv2.INTER_NEAREST_EXACT)
        out = clamp(out, bound)
    return np.asarray(out, np.uint8)
