"""How far a cut-out can be trusted, from the mask alone: one number that ranks the doubtful first."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp

import cv2
import numpy as np
from numpy.typing import NDArray

from processing.imaging.arrays import RGB, Alpha, Mask
from processing.imaging.fill_in import spread
from processing.imaging.shrink import shrink

_SIDE = 320
_STEEPNESS = 1.2
_SMALL, _LARGE = 0.003, 0.95
_PIECE = 0.35
_ALIKE = 10.0
_LEAST = 50


@dataclass(frozen=True, slots=True)
class Confidence:
    """`value`: 0 (look at it) to 1. `reasons`, the weightiest first, are words for programs:

    `soft_edges` much of the mask is undecided, `spill` the network is unsure of the backdrop, `see_through` much of the
    inside looks like the backdrop, `fragments` there are small pieces beside the subject, `patchy` it is unsure of the
    inside, `cut_off` the frame cuts the subject, `small` and `fills_frame` there is hardly any subject or backdrop.
    """

    value: float
    reasons: list[str] = field(default_factory=list)


def confidence(mask: Mask, alpha: Alpha, rgb: RGB | None = None) -> Confidence:
    """`mask`: the network's, float32 of any size in 0..1; `alpha`: uint8 (H, W), what became of it; `rgb`: the photo,
    uint8 (H, W, 3), where it shows a backdrop.

    The weights were set on generated pictures whose alpha is known; the quality benchmark prints how well the number
    ranks the bad ones first.
    """
    small_mask, small_alpha = _small(mask, alpha)
    doubts = _doubts(small_mask, small_alpha)
    if rgb is not None:
        doubts["see_through"] = 1.5 * _ramp(_like_the_backdrop(rgb, small_alpha), 0.3, 0.6)
    reasons = [name for name, doubt in sorted(doubts.items(), key=lambda item: -item[1]) if doubt >= 0.25]
    return Confidence(round(exp(-_STEEPNESS * sum(doubts.values())), 4), reasons)


def _small(mask: Mask, alpha: Alpha) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Both at the same small size, in 0..1."""
    height, width = alpha.shape
    scale = min(1.0, _SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    unsure = np.clip(cv2.resize(mask, size, interpolation=cv2.INTER_AREA), 0, 1).astype(np.float32)
    cut = shrink(alpha, size).astype(np.float32) * np.float32(1 / 255)
    return unsure, cut.astype(np.float32)


def _doubts(mask: NDArray[np.float32], alpha: NDArray[np.float32]) -> dict[str, float]:
    subject = (alpha > 0.5).astype(np.uint8)
    area = int(subject.sum())
    if not area:
        return {"small": 3.0}
    around = np.ones((5, 5), np.uint8)
    inner = cv2.erode(subject, around, borderValue=1) > 0
    outer = cv2.dilate(subject, around) > 0
    edge = outer & ~inner
    undecided = (mask > 0.1) & (mask < 0.9)
    spill = float(mask[~outer].sum()) / area
    inside = 1 - float(mask[inner].mean()) if inner.any() else 1.0
    soft = float(undecided.sum()) / area
    soft_edge = float((undecided & edge).sum()) / max(int(edge.sum()), 1)
    share = area / subject.size
    return {
        "spill": _ramp(spill, 0, 0.2),
        "fragments": 1.5 * _ramp(_in_small_pieces(subject, area), 0, 0.15),
        "soft_edges": _ramp(soft, 0.1, 0.6) + 0.3 * _ramp(soft_edge, 0.25, 0.5),
        "patchy": 0.2 * _ramp(inside, 0, 0.15),
        # A product that leaves the frame may be meant so: worth a look, no proof of a bad mask.
        "cut_off": 0.25 * _ramp(_on_the_frame(subject), 0.02, 0.2),
        "small": _ramp(_SMALL - share, 0, _SMALL),
        "fills_frame": _ramp(share, _LARGE, 1.0),
    }


def _in_small_pieces(subject: NDArray[np.uint8], area: int) -> float:
    """Share of the subject in pieces much smaller than its largest: two shoes are a pair, a bit is a mistake."""
    _, _, parts, _ = cv2.connectedComponentsWithStats(subject)
    areas = parts[1:, cv2.CC_STAT_AREA]
    return float(areas[areas < _PIECE * areas.max()].sum()) / area


def _like_the_backdrop(rgb: RGB, alpha: NDArray[np.float32]) -> float:
    """Share of the subject's inside that has the backdrop's own colour: a gap taken for product, or white on white."""
    subject = (alpha > 0.5).astype(np.uint8)
    outside = cv2.dilate(subject, np.ones((7, 7), np.uint8)) == 0
    inside = cv2.erode(subject, np.ones((3, 3), np.uint8), borderValue=1) > 0
    if outside.sum() < _LEAST or inside.sum() < _LEAST:
        return 0.0
    photo = shrink(rgb, (alpha.shape[1], alpha.shape[0])).astype(np.float32)
    off = np.abs(photo - spread(photo, outside.astype(np.float32))).max(axis=2)
    # How far apart two pixels of the backdrop are: the colour spread over it stays that of its own pixels.
    noise = np.abs(photo - cv2.blur(photo, (9, 9))).max(axis=2)[outside]
    return float((off[inside] < max(_ALIKE, 1.5 * float(np.percentile(noise, 75)))).mean())


def _on_the_frame(subject: NDArray[np.uint8]) -> float:
    """Share of the picture's border that belongs to the subject."""
    border = np.concatenate([subject[0], subject[-1], subject[:, 0], subject[:, -1]])
    return float(border.mean())


def _ramp(value: float, low: float, high: float) -> float:
    return min(1.0, max(0.0, (value - low) / (high - low)))
