"""Smooth surfaces of colour through incomplete samples: what a backdrop would look like behind the subject."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.float32]
"""(h, w, 3), 0..255."""
Plane = NDArray[np.float32]
"""(h, w)."""
Region = NDArray[np.bool_]
"""(h, w)."""
Samples = NDArray[np.float64]

_RING = 0.03
_SAMPLES = 6000
_SATURATED = 253.5
_LEAST_ROWS = 8


@dataclass(frozen=True, slots=True)
class Surface:
    """`colour`: what the border says of every pixel. `spread`: robust deviation of the border from it, in levels.

    `inside`: share of the border that lies on the surface, 0..1; the rest is subject or clutter.
    """

    colour: Image
    spread: float
    inside: float


def from_border(image: Image) -> Surface:
    """Fits a smooth surface to the outermost 3 % of the image; up to half of it may be something else.

    A quadratic in x and y per channel, after taking off what changes from row to row alike on both sides (the bend
    of a paper sweep).
    """
    height, width = image.shape[:2]
    thick = max(2, round(_RING * min(height, width)))
    rows = _row_profile(image, thick)
    flat = image - rows
    y, x = np.nonzero(rim(height, width, thick))
    every = max(1, len(x) // _SAMPLES)
    y, x = y[::every], x[::every]
    coefficients, residual = _robust_fit(_terms(2 * x / width - 1, 2 * y / height - 1), flat[y, x].astype(np.float64))
    spread = max(float(np.median(residual)), 0.7)
    grid_y, grid_x = np.mgrid[0:height, 0:width]
    colour = (_terms(2 * grid_x / width - 1, 2 * grid_y / height - 1) @ coefficients).astype(np.float32) + rows
    inside = float((residual < max(12.0, 5 * spread)).mean())
    return Surface(np.clip(colour, 0, 255), spread, inside)


def fill(values: NDArray[np.float32], known: Region, *, finest: int) -> NDArray[np.float32]:
    """Carries `values` (h, w, c) of the known pixels to all others: near ones decide, far ones where none are near.

    Averages within about 2**finest pixels. Pull-push over an image pyramid (Gortler et al., The Lumigraph, 1996).
    """
    weight = known.astype(np.float32)
    levels = [(values * weight[..., None], weight)]
    while min(levels[-1][1].shape) > 3:
        levels.append(_halved(*levels[-1]))
    total, weight = levels[-1]
    mean = total.sum(axis=(0, 1)) / max(float(weight.sum()), 1e-6)
    filled = np.broadcast_to(mean, total.shape).astype(np.float32)
    for level, (total, weight) in reversed(list(enumerate(levels))):
        if filled.shape[:2] != weight.shape:
            filled = np.atleast_3d(cv2.pyrUp(filled, dstsize=weight.shape[::-1]))
        if level >= finest:
            missing = np.maximum(0.5 - weight, 0)[..., None]
            filled = (total + filled * missing) / np.maximum(weight, 0.5)[..., None]
    return filled.astype(np.float32)


def rim(height: int, width: int, thick: int) -> Region:
    """The outermost pixels."""
    region = np.zeros((height, width), bool)
    region[:thick] = region[-thick:] = True
    region[:, :thick] = region[:, -thick:] = True
    return region


def distance(image: Image, surface: Image) -> Plane:
    """Colour distance in levels."""
    difference = image - surface
    return np.asarray(np.sqrt(np.einsum("hwc,hwc->hw", difference, difference)), np.float32)


def touching(region: Region, seed: Region) -> Region:
    """The connected parts of `region` that hold a pixel of `seed`."""
    _, labels = cv2.connectedComponents(region.astype(np.uint8), connectivity=4)
    chosen = np.zeros(int(labels.max()) + 1, bool)
    chosen[np.unique(labels[region & seed])] = True
    chosen[0] = False
    return np.asarray(chosen[labels], np.bool_)


def grow(region: Region, by: int) -> Region:
    return cv2.dilate(region.astype(np.uint8), _square(by)).astype(bool)


def shrink(region: Region, by: int) -> Region:
    """The frame's edge does not count as an edge of the region."""
    return cv2.erode(region.astype(np.uint8), _square(by), borderType=cv2.BORDER_CONSTANT, borderValue=1).astype(bool)


def _halved(total: NDArray[np.float32], weight: Plane) -> tuple[NDArray[np.float32], Plane]:
    return np.atleast_3d(cv2.pyrDown(total)).astype(np.float32), cv2.pyrDown(weight).astype(np.float32)


def _square(by: int) -> NDArray[np.uint8]:
    return np.ones((2 * by + 1, 2 * by + 1), np.uint8)


def _terms(x: NDArray[np.floating], y: NDArray[np.floating]) -> Samples:
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1).astype(np.float64)


def _robust_fit(terms: Samples, values: Samples) -> tuple[Samples, Samples]:
    """Coefficients (6, 3) and every sample's distance: least absolute deviations, then Tukey's biweight.

    A saturated sample says only that the backdrop is at least that bright: it counts where it is darker than the fit.
    """
    open_ended = (values >= _SATURATED) & (np.mean(values < _SATURATED, axis=0) > 0.3)
    weights = np.ones(len(terms))
    for step in range(18):
        coefficients = np.stack(
            [_weighted_fit(terms, values[:, c], weights * ~open_ended[:, c]) for c in range(3)], axis=1
        )
        difference = values - terms @ coefficients
        residual = np.linalg.norm(np.where(open_ended, np.maximum(difference, 0), difference), axis=1)
        if step < 12:
            weights = 1 / np.maximum(residual, 1)
        else:
            scale = 4 * max(1.48 * float(np.median(residual)), 1.5)
            weights = np.clip(1 - (residual / scale) ** 2, 0, None) ** 2 + 1e-9
    return coefficients, residual


def _weighted_fit(terms: Samples, values: Samples, weights: Samples) -> Samples:
    weighted = terms * weights[:, None]
    solution = np.linalg.solve(weighted.T @ terms + 1e-6 * np.eye(terms.shape[1]), weighted.T @ values)
    return np.asarray(solution, np.float64)


def _row_profile(image: Image, thick: int) -> Image:
    """(h, 1, 3): what changes from row to row alike at the left and the right, without its quadratic part; else 0."""
    height = image.shape[0]
    if height < _LEAST_ROWS:
        return np.zeros((height, 1, 3), np.float32)
    left, right = np.median(image[:, :thick], axis=1), np.median(image[:, -thick:], axis=1)
    apart = left - right
    apart = np.abs(apart - np.median(apart, axis=0)).max(axis=1)
    if np.percentile(apart, 92) >= 5:
        return np.zeros((height, 1, 3), np.float32)
    profile = cv2.GaussianBlur(((left + right) / 2)[:, None], (1, 9), sigmaX=1, sigmaY=max(1.0, 0.004 * height))[:, 0]
    along = np.linspace(-1, 1, height)
    smooth = np.polynomial.polynomial.polyval(along, np.polynomial.polynomial.polyfit(along, profile, 2)).T
    return (profile - smooth)[:, None].astype(np.float32)
