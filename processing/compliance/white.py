"""Counts how white a background is, over all of it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from processing.compliance.finding import Region
from processing.compliance.subject import Subject
from processing.imaging.arrays import RGB, Alpha
from processing.imaging.channels import largest, smallest

_COARSE = 8
_RING = 0.03


@dataclass(frozen=True, slots=True)
class White:
    """Shares of the background's pixels, 0..1: 255 in every channel; within `near` levels of it; the rest.

    `pixels`: how many were counted. `region`: the largest place that is not white, x, y, width, height.
    """

    exact: float
    near: float
    other: float
    pixels: int
    region: Region | None


def count(rgb: RGB, subject: Subject | None, *, band: int, near: int, tinted: int = 0) -> White | None:
    """`band`: pixels along the product that are not counted. `tinted`: up to this distance the product's colour bleeds
    out where the file stores colour coarsely, so brightness alone counts there. None where there is no background.

    Without a subject the outermost 3 % of the picture are counted.
    """
    counted = _background(rgb, subject, band)
    pixels = int(cv2.countNonZero(counted))
    if not pixels:
        return None
    darkest = smallest(rgb)
    if subject is not None and tinted > band:
        bleeding = cv2.bitwise_and(counted, cv2.bitwise_not(_background(rgb, subject, tinted)))
        cv2.copyTo(largest(rgb), bleeding, darkest)
    histogram = cv2.calcHist([darkest], [0], counted, [256], [0, 256]).ravel()
    exact, nearly = int(histogram[255]), int(histogram[255 - near : 255].sum())
    other = pixels - exact - nearly
    limit = 255 - near if other else 255
    region = _largest(_below(darkest, limit, counted)) if exact < pixels else None
    return White(exact / pixels, nearly / pixels, other / pixels, pixels, region)


def _background(rgb: RGB, subject: Subject | None, band: int) -> Alpha:
    """uint8 (H, W), 255 where it is counted."""
    height, width = rgb.shape[:2]
    if subject is None:
        thick = max(1, round(_RING * min(height, width)))
        ring = np.full((height, width), 255, np.uint8)
        ring[thick:-thick, thick:-thick] = 0
        return ring
    _, inside = cv2.threshold(subject.alpha, 0, 255, cv2.THRESH_BINARY)
    if not subject.open_holes:
        inside = _filled(inside)
    wide = cv2.dilate(inside, np.ones((2 * band + 1, 2 * band + 1), np.uint8)) if band else inside
    return np.asarray(cv2.bitwise_not(wide), np.uint8)


def _filled(inside: cv2.typing.MatLike) -> cv2.typing.MatLike:
    """What the product encloses may be its own white print: only what the frame leads to is background for sure."""
    outlines, _ = cv2.findContours(
        cv2.copyMakeBorder(inside, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
    )
    filled = np.zeros_like(inside)
    cv2.drawContours(filled, outlines, -1, 255, cv2.FILLED, offset=(-1, -1))
    return filled


def _below(darkest: cv2.typing.MatLike, limit: int, counted: Alpha) -> cv2.typing.MatLike:
    _, wrong = cv2.threshold(darkest, limit - 1, 255, cv2.THRESH_BINARY_INV)
    return cv2.bitwise_and(wrong, counted)


def _largest(wrong: cv2.typing.MatLike) -> Region | None:
    """Box of the largest cluster of wrong pixels, found on a copy in which 8 × 8 pixels are one."""
    height, width = wrong.shape
    small = cv2.resize(wrong, (-(-width // _COARSE), -(-height // _COARSE)), interpolation=cv2.INTER_AREA)
    _, spots = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY)
    joined = cv2.dilate(spots, np.ones((3, 3), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    if len(stats) < 2:
        return None
    x, y, w, h, _ = max(stats[1:].tolist(), key=lambda row: row[4])
    window = wrong[y * _COARSE : (y + h) * _COARSE, x * _COARSE : (x + w) * _COARSE]
    if not window.any():
        return None
    left, top, wide, high = cv2.boundingRect(window)
    return x * _COARSE + left, y * _COARSE + top, wide, high
