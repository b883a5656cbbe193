"""One channel made larger by a whole factor and smaller again."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from processing.imaging.upscaling.kernels import Kernels

Plane = NDArray[np.float32]
"""(H, W), 0..255, in the light that the file has (gamma)."""

_AS_IT_IS = np.ones(1, np.float32)


def interpolate(plane: Plane, kernels: Kernels) -> Plane:
    """(H, W) to (factor · H, factor · W)."""
    height, width = plane.shape
    factor = len(kernels)
    tall = np.empty((height, factor, width), np.float32)
    for phase, kernel in enumerate(kernels):
        cv2.sepFilter2D(plane, cv2.CV_32F, _AS_IT_IS, kernel, dst=tall[:, phase])
    rows = tall.reshape(height * factor, width)
    phases = [cv2.sepFilter2D(rows, cv2.CV_32F, kernel, _AS_IT_IS) for kernel in kernels]
    return np.asarray(cv2.merge(phases), np.float32).reshape(height * factor, width * factor)


def average(plane: Plane, factor: int) -> Plane:
    """(factor · H, factor · W) to (H, W): the mean over the area of each source pixel."""
    size = plane.shape[1] // factor, plane.shape[0] // factor
    return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), np.float32)
