"""Specks and pinholes of a mask: too small to be a part or an opening of the subject."""

from __future__ import annotations

import cv2
import numpy as np

from processing.imaging.arrays import Mask
from processing.imaging.regions import Region

_FAINT = 0.1
SPECK = 0.002
"""Share of the largest part's area under which another part is a speck."""
PINHOLE = 0.0004
"""Share of the subject's area under which an enclosed gap is closed."""
_LONG = 0.06
"""A part this long, as a share of the subject's diagonal, is kept however thin: a cable the network lost hold of."""


def clean(mask: Mask) -> Mask:
    """The mask (H, W) without specks, and with its pinholes closed. Sizes are relative to the subject."""
    # Parts and gaps are told apart at half the size: it costs a quarter, and a hair's break does not part a cable.
    half = (max(1, mask.shape[1] // 2), max(1, mask.shape[0] // 2))
    small = cv2.resize(mask, half, interpolation=cv2.INTER_AREA).astype(np.float32, copy=False)
    dropped, closed = _specks(small), _pinholes(small)
    if dropped.any():
        mask = np.where(_large(dropped, mask), np.float32(0), mask)
    if closed.any():
        mask = np.where(_large(closed, mask), np.float32(1), mask)
    return mask


def _specks(mask: Mask) -> Region:
    # What hangs on to a sure part by its soft rim belongs to it: parts are told apart at a low level.
    count, labels, stats, _ = cv2.connectedComponentsWithStats((mask > _FAINT).astype(np.uint8), connectivity=8)
    if count <= 2:
        return np.zeros(mask.shape, np.bool_)
    area = np.bincount(labels[mask > 0.5], minlength=count)
    area[0] = 0
    main = stats[int(area.argmax())]
    long = np.hypot(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    diagonal = np.hypot(main[cv2.CC_STAT_WIDTH], main[cv2.CC_STAT_HEIGHT])
    speck = (area < SPECK * area.max()) & ((long < _LONG * diagonal) | (area == 0))
    speck[0] = False
    return np.asarray(speck[labels], np.bool_)


def _pinholes(mask: Mask) -> Region:
    count, labels, stats, _ = cv2.connectedComponentsWithStats((mask < 0.9).astype(np.uint8), connectivity=4)
    small = stats[:, cv2.CC_STAT_AREA] < PINHOLE * float((mask > 0.5).sum())
    small[0] = False
    left, top = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    right, bottom = left + stats[:, cv2.CC_STAT_WIDTH], top + stats[:, cv2.CC_STAT_HEIGHT]
    small &= (left > 0) & (top > 0) & (right < mask.shape[1]) & (bottom < mask.shape[0])
    return np.asarray(small[labels], np.bool_) if count > 1 else np.zeros(mask.shape, np.bool_)


def _large(region: Region, mask: Mask) -> Region:
    """The region and its rim, at the mask's size."""
    grown = cv2.dilate(region.astype(np.uint8), np.ones((3, 3), np.uint8))
    return cv2.resize(grown, mask.shape[::-1], interpolation=cv2.INTER_NEAREST_EXACT) > 0
