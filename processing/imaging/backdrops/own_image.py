"""A picture of one's own as the backdrop: fitted to the canvas, and blurred as a lens would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np

from processing.imaging.background import cover
from processing.imaging.cutout import Cutout
from processing.imaging.over import over

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from processing.imaging.arrays import RGB

Fit = Literal["cover", "contain"]

_AROUND = 0.05  # of the shorter side: the blur of what continues a picture that is shown whole
_GOES_OVER = 0.15  # of the shorter side: how far beyond its edge the picture is blurred fully


def fitted(image: RGB, width: int, height: int, fit: Fit) -> RGB:
    """uint8 (height, width, 3). `cover` crops; `contain` shows all of it and lets it run on, more and more blurred."""
    if fit == "cover":
        return np.ascontiguousarray(cover(image, width, height))
    scale = min(width / image.shape[1], height / image.shape[0])
    size = max(1, min(width, round(image.shape[1] * scale))), max(1, min(height, round(image.shape[0] * scale)))
    whole = cv2.resize(image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    left, top = (width - size[0]) // 2, (height - size[1]) // 2
    right, bottom = width - size[0] - left, height - size[1] - top
    # Mirrored at its edges the picture goes on without a seam.
    filled = np.asarray(cv2.copyMakeBorder(whole, top, bottom, left, right, cv2.BORDER_REFLECT), np.uint8)
    soft = blurred(filled, _AROUND)
    beyond = np.maximum(_beyond(height, top, size[1])[:, None], _beyond(width, left, size[0])[None, :])
    share = np.clip(beyond / np.float32(max(1.0, _GOES_OVER * min(width, height))), 0, 1)
    over(Cutout(0, 0, soft, np.rint(share * 255).astype(np.uint8)), filled, None)
    return filled


def _beyond(length: int, start: int, inside: int) -> NDArray[np.float32]:
    """Pixels by which each place of an axis lies outside of `inside` pixels from `start` on."""
    place = np.arange(length, dtype=np.float32)
    return np.maximum(np.maximum(start - place, place - (start + inside - 1)), 0)


def blurred(image: RGB, share: float) -> RGB:
    """`image` out of focus; `share`: standard deviation of the blur as a share of the shorter side."""
    height, width = image.shape[:2]
    sigma = share * min(width, height)
    if sigma < 0.3:
        return image
    less = max(1.0, sigma / 4)  # a wide blur holds nothing that a smaller picture would lose
    size = max(1, round(width / less)), max(1, round(height / less))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    soft = cv2.GaussianBlur(small, (0, 0), sigma * size[0] / width, borderType=cv2.BORDER_REPLICATE)
    if size == (width, height):
        return np.asarray(np.clip(np.rint(soft), 0, 255), np.uint8)
    levels = np.asarray(cv2.resize(soft, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)
    # Enlarged, it has slow gradients: rounding alone would show as bands.
    levels += np.random.Generator(np.random.PCG64(0)).random(levels.shape, np.float32) - np.float32(0.5)
    return np.asarray(np.clip(np.rint(levels), 0, 255), np.uint8)
