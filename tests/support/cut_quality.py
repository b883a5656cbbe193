"""How good a cut-out is, against a picture whose alpha is known."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.support.pictures.picture import Picture

Plane = NDArray[np.floating[Any]]


def iou(alpha: Plane, truth: Plane) -> float:
    """Intersection over union of what is more than half there; both in 0..1."""
    mine, real = alpha > 0.5, truth > 0.5
    union = int((mine | real).sum())
    return float((mine & real).sum()) / union if union else 1.0


def alpha_error(alpha: Plane, truth: Plane) -> float:
    """Mean absolute difference over the picture, 0..1."""
    return float(np.abs(alpha - truth).mean())


def edge_colour_error(alpha: Plane, foreground: NDArray[np.uint8], picture: Picture, ground: int) -> float:
    """Mean difference (0..255) from the true composite on `ground` (a grey), over the pixels of the soft edge."""
    edge = (picture.alpha > 0.02) & (picture.alpha < 0.98)
    if not edge.any():
        return 0.0
    mine = alpha[edge, None] * foreground[edge].astype(np.float32) + (1 - alpha[edge, None]) * ground
    real = picture.alpha[edge, None] * picture.foreground[edge] + (1 - picture.alpha[edge, None]) * ground
    return float(np.abs(mine - real).mean())


def edge_tint(alpha: Plane, foreground: NDArray[np.uint8], picture: Picture) -> float:
    """Mean difference (0..255) of the cut-out's colours from the subject's own over the pixels of the soft edge, as far
    as its alpha shows them: the fringe alone, whatever the alpha is off by."""
    edge = (picture.alpha > 0.02) & (picture.alpha < 0.98)
    if not edge.any():
        return 0.0
    off = np.abs(foreground[edge].astype(np.float32) - picture.foreground[edge]).mean(axis=1)
    return float((off * alpha[edge]).mean())


def ranks_bad_first(confidence: list[float], quality: list[float], *, below: float) -> float:
    """Area under the ROC curve: how often a picture of quality `below` that has less confidence than a good one."""
    bad = np.array([c for c, q in zip(confidence, quality, strict=True) if q < below])
    good = np.array([c for c, q in zip(confidence, quality, strict=True) if q >= below])
    if not len(bad) or not len(good):
        raise ValueError("there must be good and bad pictures")
    return float((bad[:, None] < good).mean() + 0.5 * (bad[:, None] == good).mean())
