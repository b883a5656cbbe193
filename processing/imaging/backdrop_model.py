"""What the backdrop looks like where the subject hides it, foretold from what is seen of it around the subject."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from processing.imaging.arrays import RGB, Mask
from processing.imaging.fill_in import spread
from processing.imaging.regions import Region

Plane = NDArray[np.float32]

_SUBJECT, _QUIET, _POSSIBLE = 0.5, 0.2, 0.3
_TERMS = 6
_SAMPLES, _ROWS = 4000, 120
"""Pixels and rows that are looked at for what is typical of all."""


@dataclass(frozen=True, slots=True)
class BackdropModel:
    """Of a small photo (h, w); colours and errors in levels 0..255.

    smooth: uint8 (h, w, 3), the photo without its finest noise. step: the change from pixel to pixel that is no edge.
    reached: bool (h, w), backdrop that the frame leads to without an edge between.
    nearby: float32 (h, w, 3), its colour continued smoothly from the surroundings, shadows included.
    surface: float32 (h, w, 3), one account of all of it, shadows left out: a smooth surface, or a table and a wall.
    grain: deviation of single pixels. drift: how far `nearby` may be off for a whole region.
    misfit: how far `surface` is off. share: how much of the frame's border is backdrop, 0..1.
    """

    smooth: RGB
    step: float
    reached: Region
    nearby: Plane
    surface: Plane
    grain: float
    drift: float
    misfit: float
    share: float

    @property
    def plain(self) -> bool:
        """Whether it can be foretold at all: a studio's backdrop, not a street."""
        return self.share > 0.6 and self.grain < 14 and self.drift < 10 and self.misfit < 22


def observe(small: RGB, mask: Mask) -> BackdropModel:
    """`small` uint8 (h, w, 3) and `mask` float32 (h, w), of one size, a few hundred pixels across."""
    smooth = cv2.GaussianBlur(small, (0, 0), 1.0).astype(np.uint8, copy=False)
    step = _quiet_step(smooth, mask)
    reached = _flood(smooth, mask, step)
    known = cv2.erode(reached.astype(np.uint8), np.ones((5, 5), np.uint8), borderValue=1).astype(np.float32)
    at = known > 0
    some = np.flatnonzero(at)[:: max(1, int(at.sum()) // _SAMPLES)]
    pixels = small.astype(np.float32)
    border = np.concatenate([reached[0], reached[-1], reached[:, 0], reached[:, -1]])
    if len(some) < 50:
        return BackdropModel(smooth, step, reached, pixels, pixels, 255.0, 255.0, 255.0, 0.0)
    accounts = [(_misfit(pixels, told, some), told) for told in (_surface(pixels, some), _rows(pixels, at))]
    misfit, surface = min(accounts, key=lambda account: account[0])
    rest = pixels - surface
    fine = (pixels - cv2.blur(pixels, (15, 15))).reshape(-1, 3)[some]
    return BackdropModel(
        smooth=smooth,
        step=step,
        reached=reached,
        nearby=surface + spread(rest, known),
        surface=surface,
        grain=float(np.median(np.abs(fine).max(axis=1))) * 1.48,
        drift=_drift(rest, known),
        misfit=misfit,
        share=float(border.mean()),
    )


def _quiet_step(smooth: RGB, mask: Mask) -> float:
    """Steps of colour between neighbours that are still the same surface, in levels."""
    steps = cv2.absdiff(smooth[:, 1:], smooth[:, :-1]).max(axis=2)
    quiet = mask[:, 1:] < _QUIET
    typical = float(np.percentile(steps[quiet], 90)) if quiet.any() else 4.0
    return float(np.clip(round(1.5 * typical), 2, 8))


def grow(smooth: RGB, seeds: list[tuple[int, int]], blocked: Region, step: float) -> Region:
    """What seeds (x, y) lead to in small steps of colour without entering `blocked`: bool (h, w)."""
    height, width = blocked.shape
    seen = np.ones((height + 2, width + 2), np.uint8)
    seen[1:-1, 1:-1] = blocked
    flags = 8 | cv2.FLOODFILL_MASK_ONLY | (2 << 8)
    for x, y in seeds:
        if seen[y + 1, x + 1] == 0:
            cv2.floodFill(smooth, seen, (x, y), (0, 0, 0), (step,) * 3, (step,) * 3, flags)
    return np.asarray(seen[1:-1, 1:-1] == 2, np.bool_)


def _flood(smooth: RGB, mask: Mask, step: float) -> Region:
    """Backdrop reached from the frame, never through the subject."""
    height, width = mask.shape
    border = [(x, y) for x in range(0, width, 4) for y in (0, height - 1)]
    border += [(x, y) for y in range(0, height, 4) for x in (0, width - 1)]
    return grow(smooth, [(x, y) for x, y in border if mask[y, x] < _POSSIBLE], mask > _SUBJECT, step)


def _surface(pixels: Plane, some: NDArray[np.intp]) -> Plane:
    """Quadratic surface through the known pixels, refitted once without its outliers: float32 (h, w, 3)."""
    height, width = pixels.shape[:2]
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :].repeat(height, axis=0)
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None].repeat(width, axis=1)
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)
    design, values = terms.reshape(-1, _TERMS)[some], pixels.reshape(-1, 3)[some]
    fitted = _fit(design, values)
    off = np.abs(values - design @ fitted).max(axis=1)
    fair = off <= 3 * np.median(off) + 1
    fitted = _fit(design[fair], values[fair])
    return np.asarray(terms @ fitted, np.float32)


def _fit(design: Plane, values: Plane) -> NDArray[np.float64]:
    """Least squares by the normal equations, barely ridged: six terms within −1..1 need no more."""
    tall = design.astype(np.float64)
    return np.asarray(np.linalg.solve(tall.T @ tall + 1e-6 * np.eye(_TERMS), tall.T @ values))


def _rows(pixels: Plane, at: Region) -> Plane:
    """Every row in the typical colour of its backdrop: a horizon, a sweep of paper. float32 (h, w, 3)."""
    height = len(at)
    seen = np.flatnonzero(at[:, ::3].sum(axis=1) >= max(2, at.shape[1] // 60))
    if len(seen) == 0:
        return np.broadcast_to(pixels[at].mean(axis=0), pixels.shape).astype(np.float32)
    seen = seen[:: max(1, len(seen) // _ROWS)]
    typical = np.stack([np.median(pixels[row, ::3][at[row, ::3]], axis=0) for row in seen])
    every = np.stack([np.interp(np.arange(height), seen, typical[:, channel]) for channel in range(3)], axis=1)
    return np.broadcast_to(every[:, None, :], pixels.shape).astype(np.float32)


def _misfit(pixels: Plane, told: Plane, some: NDArray[np.intp]) -> float:
    off = cv2.GaussianBlur(pixels - told, (0, 0), 1.5).reshape(-1, 3)[some]
    return float(np.percentile(np.abs(off.mean(axis=1)), 80))


def _drift(rest: Plane, known: Plane) -> float:
    """The error with which places that were kept from the model are foretold: upper quartile of up to nine."""
    height, width = known.shape
    radius = max(3, min(height, width) // 12)
    kept, places = known.copy(), []
    for row in (0.15, 0.5, 0.85):
        for column in (0.12, 0.5, 0.88):
            y, x = int(row * height), int(column * width)
            window = np.s_[max(0, y - radius) : y + radius, max(0, x - radius) : x + radius]
            if float(known[window].mean()) > 0.7:
                kept[window] = 0
                places.append(window)
    if not places or float(kept.sum()) < 50:
        return 12.0
    told = spread(rest, kept)
    errors = [np.abs((told[at] - rest[at])[known[at] > 0].mean(axis=0)).max() for at in places]
    return float(np.percentile(errors, 75))
