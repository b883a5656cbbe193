"""Scattered values spread over the whole picture, from coarse to fine (push-pull)."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]


def spread(values: Plane, weight: Plane) -> Plane:
    """Fill in `values` (H, W, 3) where `weight` (H, W, 0..1) is small from where it is large: float32 (H, W, 3).

    Push-pull interpolation (Gortler et al., The Lumigraph, 1996): averages go down a pyramid, gaps are filled coming
    back up. Where weight is 1 the value stays.
    """
    return pull(weigh(values, weight))


def weigh(values: Plane, weight: Plane) -> Plane:
    """Values (H, W, 3) times weight, and the weight: float32 (H, W, 4)."""
    return np.asarray(cv2.merge([*(plane * weight for plane in cv2.split(values)), weight]), np.float32)


def pull(weighted: Plane) -> Plane:
    """Fill in what `weigh` made: float32 (H, W, 3)."""
    height, width = weighted.shape[:2]
    if min(height, width) <= 2:
        colour, weight = weighted[..., :3], weighted[..., 3:]
        return np.asarray(colour.sum(axis=(0, 1)) / max(float(weight.sum()), 1e-6) + np.zeros_like(colour), np.float32)
    filled = cv2.resize(pull(halve(weighted)), (width, height), interpolation=cv2.INTER_LINEAR)
    gap = 1 - cv2.extractChannel(weighted, 3)
    filled = filled * cv2.merge([gap, gap, gap])
    filled += cv2.cvtColor(weighted, cv2.COLOR_RGBA2RGB)
    return np.asarray(filled, np.float32)


def halve(weighted: Plane) -> Plane:
    """The next level of the pyramid: averages weighted by weight; a pixel half full counts as full."""
    height, width = weighted.shape[:2]
    small = cv2.resize(weighted, ((width + 1) // 2, (height + 1) // 2), interpolation=cv2.INTER_AREA)
    weight = cv2.extractChannel(small, 3)
    share = np.minimum(2 * weight, 1) / np.maximum(weight, 1e-6)
    # One factor for each number: numpy takes five times as long to spread one over four.
    return np.asarray(small * cv2.merge([share] * 4), np.float32)
