"""Openings that the network closed: a ring taken for a disc, a handle for a wall."""

from __future__ import annotations

import cv2
import numpy as np

from processing.imaging.arrays import Mask
from processing.imaging.backdrop_model import BackdropModel, grow
from processing.imaging.evidence import Witness
from processing.imaging.regions import Region, components, filled, grown, opened

_GRAIN, _DRIFT = 6.0, 4.0
"""Above these the backdrop is too uneven to be recognised through a window."""
_SMALLEST, _LARGEST = 0.004, 1.5
"""Area of a window as a share of what the network took for the subject."""
_BACKDROP = -1.2
"""Log odds below which a region is backdrop."""
_BURNT = 248
_CERTAIN = 0.97
"""Mean mask above which the network is believed: a white panel on a white backdrop looks like a window to any gauge."""
_PRINT = 0.01


def closed_over(rough: Mask, backdrop: BackdropModel, witness: Witness) -> Region:
    """Parts of the subject through which the backdrop is seen: bool (h, w)."""
    found = np.zeros(rough.shape, np.bool_)
    subject = (rough > 0.5) & ~backdrop.reached
    area = float((rough > 0.5).sum())
    doubted = float((subject & (rough < _CERTAIN)).sum())
    if backdrop.grain > _GRAIN or backdrop.drift > _DRIFT or doubted < _SMALLEST / 2 * area:
        return found
    same = witness.resembles() & subject
    for seed in components(opened(same, 5)):
        if found[seed].any():
            continue
        region = grow(backdrop.smooth, [_deepest(seed)], backdrop.reached, backdrop.step)
        if not _SMALLEST * area < float(region.sum()) < _LARGEST * area or float(same[region].mean()) < 0.5:
            continue
        if _bounded(region, witness, backdrop) and _is_window(region, witness, backdrop):
            found |= region
    return found


def _is_window(region: Region, witness: Witness, backdrop: BackdropModel) -> bool:
    evidence = witness.on(region)
    burnt = float(np.maximum(backdrop.nearby, backdrop.surface)[region].min(axis=1).mean()) > _BURNT
    printed = int((filled(region) & ~region).sum()) > _PRINT * int(region.sum())
    return evidence.without_doubt < _BACKDROP and evidence.doubt < _CERTAIN and not burnt and not printed


def _bounded(region: Region, witness: Witness, backdrop: BackdropModel) -> bool:
    """An edge runs all around: what fades into the subject is the subject's own highlight."""
    beyond = grown(region, 4) & ~grown(region, 3)
    if not beyond.any():
        return False
    step = np.abs(witness.smooth - backdrop.nearby)[beyond].max(axis=1)
    return float(np.percentile(step, 10)) > 8 + 2 * backdrop.grain


def _deepest(region: Region) -> tuple[int, int]:
    """x and y of the pixel furthest inside."""
    inside = int(cv2.distanceTransform(region.astype(np.uint8), cv2.DIST_L2, 3).argmax())
    return inside % region.shape[1], inside // region.shape[1]
