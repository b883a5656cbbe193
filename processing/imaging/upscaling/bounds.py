"""Between which values the enlarged picture stays, so that nothing rings beside an edge."""

from __future__ import annotations

import cv2
import numpy as np

from processing.imaging.upscaling.kernels import linear
from processing.imaging.upscaling.planes import Plane, interpolate

_NEIGHBOURS = np.ones((3, 3), np.uint8)
# An edge between two flat areas is less than this wide, so that only patterns count as such.
_PATTERN = np.ones((5, 5), np.uint8)


def bounds(plane: Plane, factor: int, *, texture: float) -> tuple[Plane, Plane]:
    """Lowest and highest value for each enlarged pixel: those of the source pixels around it.

    `texture`: by which share of the local contrast they may be passed where everything around has contrast, as fine
    patterns do whose tips fell between the pixels. A flat area nearby allows nothing, and inside of one, such as a
    white backdrop or an opaque product, the value stays what it is.
    """
    lowest, highest = cv2.erode(plane, _NEIGHBOURS), cv2.dilate(plane, _NEIGHBOURS)
    flat = cv2.compare(lowest, highest, cv2.CMP_EQ)
    if texture:
        allowed = cv2.erode(cv2.subtract(highest, lowest), _PATTERN)
        lowest, highest = cv2.scaleAdd(allowed, -texture, lowest), cv2.scaleAdd(allowed, texture, highest)
    kernels = linear(factor)
    low, high = (interpolate(np.asarray(each, np.float32), kernels) for each in (lowest, highest))
    size = low.shape[1], low.shape[0]
    level, inside = (cv2.resize(each, size, interpolation=cv2.INTER_NEAREST) for each in (plane, flat))
    cv2.copyTo(level, inside, low)
    cv2.copyTo(level, inside, high)
    return low, high


def clamp(plane: Plane, low: Plane, high: Plane) -> Plane:
    """In place."""
    cv2.max(plane, low, dst=plane)
    cv2.min(plane, high, dst=plane)
    return plane
