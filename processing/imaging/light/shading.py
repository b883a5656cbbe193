"""How a light from one side would shade a subject, from its silhouette: large forms only."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin
from typing import TYPE_CHECKING

import cv2
import numpy as np

from processing.imaging.light.light import Light

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from processing.imaging.arrays import Alpha, Box

    Field = NDArray[np.float32]

_LONGEST = 160  # pixels of the proxy in which the form is guessed


@dataclass(frozen=True, slots=True)
class Shading:
    """-1..1 over `box` of the subject's array, small; the mean over the subject is 0."""

    small: Field
    box: Box

    def rows(self, first: int, last: int, columns: int) -> Field:
        """float32 (last - first, columns) of the subject's array."""
        x, y, width, height = self.box
        across, down = self.small.shape[1] / width, self.small.shape[0] / height
        back = np.array([[across, 0, (0.5 - x) * across - 0.5], [0, down, (first + 0.5 - y) * down - 0.5]])
        flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
        size = columns, last - first
        return np.asarray(cv2.warpAffine(self.small, back, size, flags=flags, borderMode=cv2.BORDER_REPLICATE))


def shading(alpha: Alpha, light: Light) -> Shading:
    """`alpha`: uint8 (H, W) with something of 128 and more in it."""
    x, y, width, height = cv2.boundingRect(cv2.inRange(alpha, 128, 255))
    shrink = min(1.0, _LONGEST / max(width, height))
    size = max(1, round(width * shrink)), max(1, round(height * shrink))
    inner = alpha[y : y + height, x : x + width]
    solid = np.asarray(cv2.resize(inner, size, interpolation=cv2.INTER_AREA), np.uint8)
    form = _form(solid)
    # Across the picture, and up it: a light from behind or from the camera comes from above alone.
    across = sin(radians(light.direction)) * cos(radians(light.elevation))
    up = sin(radians(light.elevation))
    row, column = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
    half = max(size) / 2
    side = across * (column - size[0] / 2) / half - 0.6 * up * (row - size[1] / 2) / half
    turned = across * _slope(form, 1) - up * _slope(form, 0)
    inside = (solid > 127).astype(np.float32)
    field = _spread(0.6 * side + turned, inside, 0.05 * max(size))
    field -= np.float32((field * inside).sum() / inside.sum())
    most = float(np.abs(field[inside > 0]).max())
    return Shading((field / np.float32(max(most, 0.4))).astype(np.float32), (x, y, width, height))


def _form(solid: NDArray[np.uint8]) -> Field:
    """Height of an inflated silhouette, in pixels."""
    padded = cv2.copyMakeBorder((solid > 127).astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT)
    inside = np.asarray(cv2.distanceTransform(padded, cv2.DIST_L2, 5), np.float32)[1:-1, 1:-1]
    radius = float(inside.max())
    round_form = np.sqrt(np.maximum(2 * radius * inside - inside * inside, 0))
    return np.asarray(cv2.GaussianBlur(round_form, (0, 0), max(0.12 * radius, 0.8)), np.float32)


def _slope(form: Field, axis: int) -> Field:
    """The normal's part along an axis, -1..1: positive where the form falls off that way."""
    down = cv2.Sobel(form, cv2.CV_32F, 0, 1, scale=0.125)
    across = cv2.Sobel(form, cv2.CV_32F, 1, 0, scale=0.125)
    return np.asarray(-(across if axis else down) / np.sqrt(1 + across**2 + down**2), np.float32)


def _spread(field: Field, inside: Field, reach: float) -> Field:
    """Blurred by what is inside alone and carried on beyond it: no edge of the subject shows in it."""
    found = np.zeros_like(field)
    known = np.zeros_like(field)
    for sigma, weight in ((reach, 1.0), (4 * reach, 1e-3), (16 * reach, 1e-7)):
        total = cv2.GaussianBlur(field * inside, (0, 0), sigma, borderType=cv2.BORDER_CONSTANT)
        share = cv2.GaussianBlur(inside, (0, 0), sigma, borderType=cv2.BORDER_CONSTANT)
        found += np.float32(weight) * total
        known += np.float32(weight) * share
    return np.asarray(found / np.maximum(known, 1e-12), np.float32)
