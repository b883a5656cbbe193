"""From a photo to what a network takes in."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from processing.engines.spec import Normalisation, Size
from processing.imaging.arrays import RGB
from processing.imaging.shrink import shrink


def to_tensor(rgb: RGB, size: Size, normalisation: Normalisation) -> NDArray[np.float32]:
    """uint8 (H, W, 3) to float32 (1, 3, h, w), stretched to the network's size and normalised."""
    small = resize(rgb, size)
    brightest = max(int(small.max()), 1)
    tensor = np.empty((1, 3, *size), np.float32)
    for channel in range(3):
        plane = tensor[0, channel]
        np.multiply(small[..., channel], 1 / (brightest * normalisation.deviation[channel]), out=plane)
        plane -= normalisation.mean[channel] / normalisation.deviation[channel]
    return tensor


def resize(rgb: RGB, size: Size) -> RGB:
    """Stretches to (height, width); the direction that shrinks is averaged, the one that grows interpolated."""
    height, width = size
    shrunk = (min(rgb.shape[1], width), min(rgb.shape[0], height))
    small = shrink(rgb, shrunk) if shrunk != rgb.shape[1::-1] else rgb
    if shrunk != (width, height):
        small = np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
    return small
