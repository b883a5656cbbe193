"""Where the subject is in its frame."""

from __future__ import annotations

import numpy as np

from processing.imaging.arrays import Alpha, Box
from processing.imaging.errors import NoSubject

VISIBLE = 26
"""Alpha from which a pixel counts as subject (a tenth): fainter is a shadow's or a blur's last trace."""
CUT = 128
"""Alpha from which a pixel on the frame counts as cut off."""
_CUT_SHARE = 0.02
"""Share of the subject's extent along a side that must lie on the frame: a tip that touches it is not cut off."""


def subject_box(alpha: Alpha) -> Box:
    """x, y, width, height of what has alpha of VISIBLE or more. Raises NoSubject when there is none."""
    rows = np.flatnonzero(alpha.max(axis=1) >= VISIBLE)
    if len(rows) == 0:
        raise NoSubject
    top, bottom = int(rows[0]), int(rows[-1])
    columns = np.flatnonzero(alpha[top : bottom + 1].max(axis=0) >= VISIBLE)
    left, right = int(columns[0]), int(columns[-1])
    return left, top, right - left + 1, bottom - top + 1


def cut_sides(alpha: Alpha) -> frozenset[str]:
    """Sides of the frame (left, top, right, bottom) that cut the subject off. Raises NoSubject when there is none."""
    _, _, width, height = subject_box(alpha)
    edges = {"left": alpha[:, 0], "right": alpha[:, -1], "top": alpha[0], "bottom": alpha[-1]}
    extent = {"left": height, "right": height, "top": width, "bottom": width}
    return frozenset(
        side for side, edge in edges.items() if int((edge >= CUT).sum()) >= max(2, _CUT_SHARE * extent[side])
    )


def coverage(alpha: Alpha) -> float:
    """Share of the frame that the subject fills, 0..1, soft edges counted by their alpha."""
    return float(alpha.mean(dtype=np.float64)) / 255
