"""Ripples that compression leaves before a strong straight edge: they look like a thin line around the product."""

from __future__ import annotations

import numpy as np

from processing.compliance.detectors.frame import Frame
from processing.imaging.arrays import RGB

_BLOCK = 16
_STRONGER = 2.0
_CORNERS = 0.1


def is_ringing(rgb: RGB, frame: Frame) -> bool:
    """Whether the thin line of `frame`, found in `rgb` (H, W, 3) of a lossy file, is a product's edge rippling.

    A ripple is within a block of the edge that makes it and much weaker; a drawn line is neither.
    """
    height, width = rgb.shape[:2]
    x, y, w, h = frame.region
    if frame.thickness > _BLOCK or not max(x, y):
        return False
    rows, columns = rgb[:, round(_CORNERS * width) : round((1 - _CORNERS) * width)], rgb.swapaxes(0, 1)
    columns = columns[:, round(_CORNERS * height) : round((1 - _CORNERS) * height)]
    at = {"top": (rows, y), "bottom": (rows[::-1], height - y - h), "left": (columns, x),
          "right": (columns[::-1], width - x - w)}  # fmt: skip
    weak = 0
    for side in frame.sides:
        strip, start = at[side]
        end = start + frame.thickness
        colour = np.median(strip[: end + 2 * _BLOCK], axis=1)
        away = np.abs(colour - colour[0]).max(axis=1)
        line, behind = away[max(0, start - 1) : end + 1], away[end + 1 :]
        weak += bool(len(line) and len(behind) and behind.max() > _STRONGER * line.max())
    return 2 * weak > len(frame.sides)
