"""What lies behind the subject: a colour, a gradient, an image of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from processing.imaging.colors import Background, Gradient, Solid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from processing.imaging.arrays import RGB

_ROWS = 64  # of a gradient at a time, so that its float32 copy stays in the cache

# Bayer's ordered dither: thresholds in 0..1. A gradient of few levels over many pixels shows no bands with it,
# and the same gradient is the same file.
_BAYER2 = np.array([[0, 2], [3, 1]])
_BAYER4 = np.block([[4 * _BAYER2, 4 * _BAYER2 + 2], [4 * _BAYER2 + 3, 4 * _BAYER2 + 1]])
_BAYER8 = np.block([[4 * _BAYER4, 4 * _BAYER4 + 2], [4 * _BAYER4 + 3, 4 * _BAYER4 + 1]])
_THRESHOLDS = ((_BAYER8 + 0.5) / 64).astype(np.float32)


def fill(width: int, height: int, spec: Background) -> RGB:
    """uint8 (height, width, 3). A gradient begins and ends on exactly its two colours."""
    if isinstance(spec, Solid):
        out = np.empty((height, width, 3), np.uint8)
        out[:] = np.full((width, 3), spec.color, np.uint8)  # whole rows are copied four times as fast
        return out
    return _gradient(width, height, spec)


def cover(image: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """The middle of `image`, enlarged or reduced to fill the canvas undistorted.

    `image`: uint8 (H, W, 3) or (H, W), such as an alpha. Returns (height, width, 3) or (height, width).
    """
    image_height, image_width = image.shape[:2]
    scale = max(width / image_width, height / image_height)
    crop_width = min(image_width, max(1, round(width / scale)))
    crop_height = min(image_height, max(1, round(height / scale)))
    left, top = (image_width - crop_width) // 2, (image_height - crop_height) // 2
    crop = image[top : top + crop_height, left : left + crop_width]
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(crop, (width, height), interpolation=method), np.uint8)


def _gradient(width: int, height: int, spec: Gradient) -> RGB:
    start = np.array(spec.start, np.float32)
    step = np.array(spec.end, np.float32) - start
    across = _share(width)[None, :]
    down = _share(height)[:, None]
    tile = np.tile(_THRESHOLDS, (_ROWS // 8, -(-width // 8)))[:, :width, None]
    out = np.empty((height, width, 3), np.uint8)
    for top in range(0, height, _ROWS):
        rows = slice(top, min(top + _ROWS, height))
        share = _along(across, down[rows], spec)
        count = rows.stop - rows.start
        # Thresholds lie between 0 and 1: a whole level is kept, a fraction rounds up in its share of pixels.
        out[rows] = start + share[:, :, None] * step + tile[:count]
    return out


def _along(across: NDArray[np.float32], down: NDArray[np.float32], spec: Gradient) -> NDArray[np.float32]:
    """How far along the gradient each pixel is, 0..1, (rows, width) or broadcastable to it."""
    if spec.direction == "vertical":
        return np.broadcast_to(down, (down.shape[0], across.shape[1]))
    if spec.direction == "horizontal":
        return np.broadcast_to(across, (down.shape[0], across.shape[1]))
    if spec.direction == "diagonal-tl-br":
        return (across + down) / np.float32(2)
    return (across - down + np.float32(1)) / np.float32(2)


def _share(length: int) -> NDArray[np.float32]:
    return np.linspace(0, 1, length, dtype=np.float32) if length > 1 else np.zeros(1, np.float32)
