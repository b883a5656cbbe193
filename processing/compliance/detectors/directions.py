"""The directions in which a line of writing may run."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from processing.compliance.detectors.glyphs import Glyphs

_ANGLE_BIN = 6.0
_FEW = 10


def directions(glyphs: Glyphs, keep: NDArray[np.intp]) -> list[float]:
    """In degrees: 0, 90, and the directions in which most letters have their next neighbour."""
    centre = glyphs.box[keep, :2] + glyphs.box[keep, 2:] / 2
    size = np.maximum(glyphs.box[keep, 2], glyphs.box[keep, 3]).astype(float)
    apart = centre[None] - centre[:, None]
    away = np.hypot(apart[..., 0], apart[..., 1])
    alike = np.maximum(size[:, None], size[None]) < 2.2 * np.minimum(size[:, None], size[None])
    away[~alike] = np.inf
    np.fill_diagonal(away, np.inf)
    angles = [0.0, 90.0]
    nearest = away.argmin(axis=1)
    rows = np.arange(len(keep))
    near = away[rows, nearest] < 2.2 * size
    if len(keep) <= _FEW:
        # A word across the product leaves a few letters on both its sides: any two may be its direction.
        step = apart[np.triu(np.isfinite(away))]
    elif near.sum() >= 3:
        step = apart[rows, nearest][near]
    else:
        return angles
    if not len(step):
        return angles
    turn = np.degrees(np.arctan2(step[:, 1], step[:, 0])) % 180
    histogram = np.bincount((turn / _ANGLE_BIN).astype(int) % 30, minlength=30)
    smooth = histogram + np.roll(histogram, 1) + np.roll(histogram, -1)
    least = 1 if len(keep) <= _FEW else 3
    for index in np.argsort(-smooth)[: 10 if len(keep) <= _FEW else 4]:
        middle = (index + 0.5) * _ANGLE_BIN
        off = (turn - middle + 90) % 180 - 90
        angle = float(middle + np.median(off[np.abs(off) <= 1.5 * _ANGLE_BIN])) if smooth[index] else middle
        if smooth[index] >= least and all(abs((angle - other + 90) % 180 - 90) > 4 for other in angles):
            angles.append(angle % 180)
    return angles
