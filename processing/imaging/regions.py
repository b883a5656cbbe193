"""Regions of a small picture: bool (h, w)."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Region = NDArray[np.bool_]

_SMALLEST = 0.0006
"""Share of the picture below which a region is not judged."""


def components(where: Region) -> list[Region]:
    """The connected parts of `where`, without the smallest."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(where.astype(np.uint8), connectivity=4)
    smallest = _SMALLEST * where.size
    return [labels == index for index in range(1, count) if stats[index, cv2.CC_STAT_AREA] >= smallest]


def grown(region: Region, by: int) -> Region:
    """The region and `by` pixels around."""
    return np.asarray(cv2.dilate(region.astype(np.uint8), np.ones((2 * by + 1,) * 2, np.uint8)) > 0, np.bool_)


def opened(region: Region, across: int) -> Region:
    """What of the region is at least `across` pixels thick."""
    kernel = np.ones((across, across), np.uint8)
    return np.asarray(cv2.morphologyEx(region.astype(np.uint8), cv2.MORPH_OPEN, kernel) > 0, np.bool_)


def rim(region: Region) -> Region:
    """The pixels just outside."""
    return grown(region, 1) & ~region


def filled(region: Region) -> Region:
    """The region with all that it encloses."""
    outer = cv2.findContours(region.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0]
    return np.asarray(cv2.drawContours(np.zeros(region.shape, np.uint8), outer, -1, 1, cv2.FILLED) > 0, np.bool_)


def hull(region: Region) -> Region:
    """The convex hull; the region has at least one pixel."""
    plane = np.zeros(region.shape, np.uint8)
    cv2.fillConvexPoly(plane, cv2.convexHull(cv2.findNonZero(region.astype(np.uint8))), 1)
    return plane > 0


def share_touching(region: Region, other: Region) -> float:
    """Share of the region's rim that lies on `other`, 0..1."""
    around = rim(region)
    return float(other[around].mean()) if around.any() else 0.0
