"""Components of what stands out from the background, with the features of a pen's strokes."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from processing.compliance.detectors.paper import Paper

_MOST = 2500
_SMALLEST, _LARGEST = 5, 0.3
_OWN = 0.7
_CRISP = 0.15

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Components that may be letters, an entry each. `points`: (N, 2) x, y of all their pixels, `owner` (N,) whose.

    `area` in pixels, `stroke`: mean width of its strokes, `solid`: 1 for strokes of one width, 1.5 for a disc.
    `contrast`: mean distance from the background, `highest` its largest, `shade` signed.
    `hugging`: share of the pixels that lie right beside the product: its fringe, no letter. `own`: share that was
    taken for product at first. `crisp`: steepest step in a pixel as a share of the contrast. `crowd`: all components.
    """

    points: NDArray[np.int32]
    owner: NDArray[np.intp]
    area: Floats
    stroke: Floats
    solid: Floats
    contrast: Floats
    shade: Floats
    box: NDArray[np.int32]
    hugging: Floats
    own: Floats
    crisp: Floats
    highest: Floats
    crowd: int

    def __len__(self) -> int:
        return len(self.area)


def find(sheet: Paper, level: float) -> Glyphs | None:
    """Components of what is further than `level` from the background. None where it is texture, not writing."""
    inked = (sheet.off > level).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(inked, connectivity=8)
    if count < 2:
        return None
    wide, high, area = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]
    longest = np.maximum(wide, high)
    fits = (longest >= _SMALLEST) & (area >= 8) & (longest <= _LARGEST * max(inked.shape))
    fits[0] = False
    if not fits.any() or fits.sum() > _MOST:
        return None
    number = np.cumsum(fits) - 1
    at = np.flatnonzero(fits[labels.ravel()])
    owner = number[labels.ravel()[at]].astype(np.intp)
    total = int(fits.sum())
    inside = cv2.distanceTransform(inked, cv2.DIST_L2, 5).ravel()[at].astype(np.float64)
    pixels = np.bincount(owner, minlength=total).astype(np.float64)
    hugging = np.bincount(owner, sheet.beside.ravel()[at].astype(np.float64), total) / pixels
    contrast = np.bincount(owner, sheet.off.ravel()[at].astype(np.float64), total) / pixels
    steepest, highest = np.zeros(total), np.zeros(total)
    np.maximum.at(steepest, owner, sheet.steep.ravel()[at].astype(np.float64))
    np.maximum.at(highest, owner, sheet.off.ravel()[at].astype(np.float64))
    # What hangs on the product and is as strong as it is a part of it: a bristle, a strap.
    hugging[(hugging > 0) & (sheet.strength > 0) & (contrast > _OWN * sheet.strength)] = 1
    mean = np.bincount(owner, inside, total) / pixels
    most = np.zeros(total)
    np.maximum.at(most, owner, inside)
    return Glyphs(
        points=np.stack([at % inked.shape[1], at // inked.shape[1]], axis=1).astype(np.int32),
        owner=owner,
        area=pixels,
        stroke=np.maximum(4 * mean - 1, 1),
        solid=most / np.maximum(2 * mean, 0.5),
        contrast=contrast,
        shade=np.bincount(owner, sheet.shade.ravel()[at].astype(np.float64), total) / pixels,
        box=stats[fits][:, :4].astype(np.int32),
        hugging=hugging,
        own=np.bincount(owner, sheet.maybe.ravel()[at].astype(np.float64), total) / pixels,
        highest=highest,
        crisp=steepest / np.maximum(highest, 1),
        crowd=int((longest >= _SMALLEST).sum()),
    )


def letterlike(glyphs: Glyphs) -> NDArray[np.bool_]:
    """Which of them are strokes of one width with sharp edges, and no fringe of the product: bool (N,)."""
    wide, high = glyphs.box[:, 2].astype(float), glyphs.box[:, 3].astype(float)
    extent = glyphs.area / (wide * high)
    longest = np.maximum(wide, high)
    slender = glyphs.stroke / longest
    return np.asarray(
        (glyphs.solid < 1.45)
        & (slender < 0.42)
        & (slender > 0.02)
        & (extent > 0.06)
        & (glyphs.hugging < 0.4)
        & (glyphs.crisp > _CRISP),
        np.bool_,
    )
