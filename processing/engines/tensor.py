"""From a photo to what a network takes in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from processing.engines.spec import Normalisation, Size
from processing.imaging.arrays import RGB
from processing.imaging.shrink import halve, shrink


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
    """Stretches to (height, width) with Lanczos' filter, as what the networks were made and judged with did: thin parts
    survive it. A side of twice the size or more is first averaged by whole steps, at a fraction of the cost."""
    height, width = size
    small = halve(rgb, (width, height))
    steps = max(1, small.shape[1] // width), max(1, small.shape[0] // height)
    if steps != (1, 1):
        small = shrink(small, (small.shape[1] // steps[0], small.shape[0] // steps[1]))
    if small.shape[:2] == (height, width):
        return small
    return np.asarray(Image.fromarray(small).resize((width, height), Image.Resampling.LANCZOS))
