"""The product's colours carried on into what is see-through, so that none of it is drawn into the product's edge."""

from __future__ import annotations

import cv2
import numpy as np

from processing.imaging.arrays import RGB, Alpha
from processing.imaging.cutout import premultiply
from processing.imaging.fill_in import spread

# Alpha from which a pixel's own colour is trusted; below, 8 bits say little about it.
_TRUSTED = 64
_WINDOW = (9, 9)
_COARSE = 8
_ROWS = 256


def extend(rgb: RGB, alpha: Alpha) -> RGB:
    """Straight colours, uint8 (H, W, 3): the own ones where they are seen, those nearby where they are not."""
    trust = cv2.convertScaleAbs(alpha, alpha=255 / _TRUSTED)
    weighted = premultiply(rgb, np.asarray(trust, np.uint8))
    out = _coarse(weighted, np.asarray(trust, np.uint8))
    sums = cv2.boxFilter(weighted, cv2.CV_16U, _WINDOW, normalize=False)
    weights = cv2.boxFilter(trust, cv2.CV_16U, _WINDOW, normalize=False)
    for top in range(0, alpha.shape[0], _ROWS):  # the lists of pixels stay small
        rows = slice(top, top + _ROWS)
        near = (trust[rows] < 255) & (weights[rows] >= 255)
        local = sums[rows][near].astype(np.float32) * 255 / weights[rows][near][:, None]
        share = trust[rows][near][:, None] / np.float32(255)
        out[rows][near] = np.clip(rgb[rows][near] * share + local * (1 - share) + np.float32(0.5), 0, 255)
        cv2.copyTo(rgb[rows], np.asarray((trust[rows] == 255), np.uint8), out[rows])
    return out


def _coarse(weighted: RGB, trust: Alpha) -> RGB:
    """The colours of the whole neighbourhood, for what is far from all of them."""
    height, width = trust.shape
    small = max(1, width // _COARSE), max(1, height // _COARSE)
    weight = np.asarray(cv2.resize(trust, small, interpolation=cv2.INTER_AREA) / np.float32(255), np.float32)
    sums = cv2.resize(weighted, small, interpolation=cv2.INTER_AREA).astype(np.float32)
    colors = spread(np.asarray(sums / np.maximum(weight, np.float32(1e-2))[:, :, None], np.float32), weight)
    filled = cv2.resize(np.clip(colors, 0, 255).astype(np.uint8), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(filled, np.uint8)
