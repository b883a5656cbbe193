"""Making a picture smaller by averaging, at a third of the cost where it becomes much smaller.

OpenCV averages fast where two by two pixels become one and slowly for every other ratio: so it is halved as long as it
stays large enough, and averaged to its size from there.
"""

from __future__ import annotations

from typing import TypeVar, cast

import cv2

from processing.imaging.arrays import RGB, Mask

Plane = TypeVar("Plane", RGB, Mask)


def shrink(plane: Plane, size: tuple[int, int]) -> Plane:
    """The picture or mask, averaged to that size (width, height), which is not larger than it."""
    return cast("Plane", cv2.resize(halve(plane, size), size, interpolation=cv2.INTER_AREA))


def halve(plane: Plane, least: tuple[int, int]) -> Plane:
    """The picture or mask, halved as long as neither its width nor its height becomes less than `least`."""
    width, height = least
    small = plane
    while _halves(small.shape[1], width) and _halves(small.shape[0], height):
        half = small.shape[1] // 2, small.shape[0] // 2
        small = cast("Plane", cv2.resize(small, half, interpolation=cv2.INTER_AREA))
    return small


def _halves(side: int, wanted: int) -> bool:
    """An odd side would be halved slowly, and its last pixel be worth more than the others."""
    return side % 2 == 0 and side >= 2 * wanted
