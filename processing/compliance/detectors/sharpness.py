"""How blurred the sharpest edges are, from how much a known further blur weakens them.

A step blurred by a Gaussian of deviation s has its gradient weakened by sqrt(s² + b²) / s when it is blurred once more
by b (Zhuo and Sim, Defocus map estimation from a single image, 2011); so the weakening tells s.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from processing.compliance.finding import Region
from processing.imaging.arrays import RGB, Alpha

_FEWEST = 60
_STRONG, _WEAK = 10.0, 5.0
_SHARPEST, _OUTLINE = 15, 25
_NEAR = 6
_SAME = 0.6
_WIDEST = 12.0
_FEW, _SMALLEST = 2.6, 160
_MOST_PIXELS = 9_000_000
_STRIP = 128
_BEYOND = 8
"""Rows beside a strip that its blurs, gradients and crests look at."""


@dataclass(frozen=True, slots=True)
class Sharpness:
    """`blur`: width of the sharpest edges in pixels of the picture, as the deviation of a Gaussian. `blur_at_1000`: the
    same, as if the picture were 1000 pixels on its longest side. `region`: where it was measured.
    `everywhere`: no direction is sharper; else the camera may have moved, or an edge of the product is soft by nature.
    """

    blur: float
    blur_at_1000: float
    region: Region
    everywhere: bool


def measure(rgb: RGB, alpha: Alpha | None) -> Sharpness | None:
    """`alpha`: the product, uint8 (H, W); without it the whole picture is measured. None where there are no edges."""
    height, width = rgb.shape[:2]
    x, y, w, h = 0, 0, width, height
    if alpha is not None and alpha.any():
        x, y, w, h = cv2.boundingRect(alpha)
        pad = 12
        x, y, right, bottom = max(0, x - pad), max(0, y - pad), min(width, x + w + pad), min(height, y + h + pad)
        w, h = right - x, bottom - y
    region = (x, y, w, h)
    window = np.s_[y : y + h, x : x + w]
    gray = np.asarray(cv2.cvtColor(rgb[window], cv2.COLOR_RGB2GRAY), np.uint8)
    shape = alpha[window] if alpha is not None else None
    scale = 1.0
    found = _width(gray, shape) if gray.size <= _MOST_PIXELS else None
    # A blur of many pixels is measured on a smaller copy, where it is one of few; so is a very large picture.
    while (found is None or found[0] > _FEW) and min(gray.shape) >= _SMALLEST:
        half = (gray.shape[1] // 2, gray.shape[0] // 2)
        gray = np.asarray(cv2.resize(gray, half, interpolation=cv2.INTER_AREA), np.uint8)
        shape = None if shape is None else np.asarray(cv2.resize(shape, half, interpolation=cv2.INTER_AREA), np.uint8)
        scale *= 2
        if gray.size <= _MOST_PIXELS:
            found = _width(gray, shape)
    if found is None:
        return None
    blur = float(found[0] * scale)
    return Sharpness(round(blur, 2), round(blur * 1000 / max(height, width), 2), region, found[1])


def _width(gray: Alpha, shape: Alpha | None) -> tuple[float, bool] | None:
    """Of the sharpest edges of `gray`, in its pixels, and whether they are as wide in every direction."""
    edges = _edges(gray, None if shape is None else _outline(shape))
    if not len(edges.strength):
        return None
    strength = edges.strength
    ratio = np.maximum(strength / np.maximum(edges.weaker, 1e-3), 1.003)
    widths = np.minimum(np.sqrt(np.maximum(1 / (ratio**2 - 1) - 0.36, 0.04)), _WIDEST)
    strong = strength > max(_STRONG, 0.25 * float(np.percentile(strength, 99)))
    sharpest = float(np.percentile(widths[strong], _SHARPEST)) if strong.sum() >= _FEWEST else None
    outline = None
    if edges.outline is not None:
        outline = _by_direction(widths, edges.across, edges.down, edges.outline & (strength > _STRONG))
    if sharpest is None and outline is None:
        return None
    return max(sharpest or 0.0, outline or 0.0), sharpest is not None and sharpest >= _SAME * (outline or 0.0)


@dataclass(frozen=True, slots=True)
class _Edges:
    """The crests of a picture's edges, each an entry: its gradient, how strong it is, how strong after a further blur,
    and whether it lies on the product's outline."""

    across: NDArray[np.float32]
    down: NDArray[np.float32]
    strength: NDArray[np.float32]
    weaker: NDArray[np.float32]
    outline: NDArray[np.bool_] | None


def _edges(gray: Alpha, outline: NDArray[np.bool_] | None) -> _Edges:
    """In strips, which stay in the processor's cache: of the whole picture seven planes of numbers would be written."""
    found: list[tuple[NDArray[np.float32], ...]] = []
    marked: list[NDArray[np.bool_]] = []
    for top in range(0, len(gray), _STRIP):
        bottom = min(top + _STRIP, len(gray))
        first = max(0, top - _BEYOND)
        levels = gray[first : bottom + _BEYOND].astype(np.float32)
        own = np.s_[top - first : bottom - first]
        once = cv2.GaussianBlur(levels, (0, 0), 0.6)
        again = cv2.GaussianBlur(levels, (0, 0), (0.6**2 + 1) ** 0.5)
        across, down = _gradient(once)
        strength = np.asarray(cv2.magnitude(across, down), np.float32)
        # Only crests: beside them the gradient falls off and tells nothing.
        crest = (strength >= cv2.dilate(strength, np.ones((3, 3), np.uint8)) - 1e-3) & (strength > _WEAK)
        weaker = np.asarray(cv2.magnitude(*_gradient(again)), np.float32)
        found.append(tuple(plane[own][crest[own]] for plane in (across, down, strength, weaker)))
        if outline is not None:
            marked.append(outline[top:bottom][crest[own]])
    across, down, strength, weaker = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return _Edges(across, down, strength, weaker, np.concatenate(marked) if outline is not None else None)


def _by_direction(
    widths: NDArray[np.float32], across: NDArray[np.float32], down: NDArray[np.float32], outline: NDArray[np.bool_]
) -> float | None:
    """The widest of four directions, along the product's outline alone: a camera that moved blurs across its way only,
    and an outline, unlike what is inside, is an edge wherever it runs."""
    turn = (np.degrees(np.arctan2(down, across)) % 180 / 45 + 0.5).astype(int) % 4
    enough = max(_FEWEST, 0.05 * int(outline.sum()))
    directions = (widths[outline & (turn == direction)] for direction in range(4))
    return max((float(np.percentile(some, _OUTLINE)) for some in directions if len(some) >= enough), default=None)


def _outline(shape: Alpha) -> NDArray[np.bool_]:
    around = np.ones((2 * _NEAR + 1,) * 2, np.uint8)
    return np.asarray((cv2.dilate(shape, around) > 127) & (cv2.erode(shape, around, borderValue=255) < 128), np.bool_)


def _gradient(levels: cv2.typing.MatLike) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    return (
        np.asarray(cv2.Scharr(levels, cv2.CV_32F, 1, 0, scale=1 / 16), np.float32),
        np.asarray(cv2.Scharr(levels, cv2.CV_32F, 0, 1, scale=1 / 16), np.float32),
    )
