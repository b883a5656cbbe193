"""A soft black layer: calculated small, laid over its region of the canvas, let out before the canvas ends."""

from __future__ import annotations

from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING

import cv2
import numpy as np

from processing.imaging.cutout import Cutout

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from processing.imaging.arrays import Alpha, Box
    from processing.imaging.placement import Size

    Field = NDArray[np.float32]


def silhouette_in(region: Box, subject: Cutout, box: Box, working: float) -> Field:
    """What of the subject lies in its `box`, over `region` of the canvas (may reach beyond it), `working` times as
    large: float32 0..1.
    """
    full = np.zeros((region[3], region[2]), np.uint8)
    x, y = box[0] - subject.x, box[1] - subject.y
    solid = subject.alpha[y : y + box[3], x : x + box[2]]  # haze around it may reach anywhere
    top, left = box[1] - region[1], box[0] - region[0]
    full[top : top + box[3], left : left + box[2]] = solid
    small = (ceil(region[2] * working), ceil(region[3] * working))
    return cv2.resize(full, small, interpolation=cv2.INTER_AREA).astype(np.float32) / np.float32(255)


def soft_layer(darkness: Field, region: Box, box: Box, canvas: Size) -> Cutout:
    """`darkness` 0..1 over `region` of the canvas as black with alpha; `box`: the subject's."""
    layer = _enlarged(darkness, region, canvas)
    return replace(layer, alpha=_ending(layer, box, canvas))


def _enlarged(darkness: Field, region: Box, canvas: Size) -> Cutout:
    """`darkness` 0..1, made small, over `region` of the canvas: only where it is seen."""
    across, down = darkness.shape[1] / region[2], darkness.shape[0] / region[3]
    x, y, width, height = cv2.boundingRect((darkness > 0.5 / 255).astype(np.uint8))
    x_from, x_to = max(region[0] + int((x - 2) / across), 0), region[0] + ceil((x + width + 2) / across)
    y_from, y_to = max(region[1] + int((y - 2) / down), 0), region[1] + ceil((y + height + 2) / down)
    seen = max(min(x_to, canvas[0]) - x_from, 1), max(min(y_to, canvas[1]) - y_from, 1)
    # Pixel centres to pixel centres.
    back = np.array(
        [
            [across, 0, (x_from - region[0] + 0.5) * across - 0.5],
            [0, down, (y_from - region[1] + 0.5) * down - 0.5],
        ]
    )
    levels = (darkness * 65535).astype(np.uint16)
    full = cv2.warpAffine(levels, back, seen, flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP)
    alpha = np.asarray(cv2.convertScaleAbs(full, alpha=255 / 65535), np.uint8)
    return Cutout(x_from, y_from, np.zeros((*alpha.shape, 3), np.uint8), alpha)


def _ending(layer: Cutout, box: Box, canvas: Size) -> Alpha:
    """The layer's alpha, let out towards the canvas edges, except where the subject itself goes on to them."""
    height, width = layer.alpha.shape
    across = _ramp(layer.x, width, canvas[0], box[0] > 0, box[0] + box[2] < canvas[0])
    down = _ramp(layer.y, height, canvas[1], box[1] > 0, box[1] + box[3] < canvas[1])
    alpha = np.empty_like(layer.alpha)
    for row in range(0, height, 64):
        rows = slice(row, row + 64)
        alpha[rows] = layer.alpha[rows] * down[rows, None] * across + np.float32(0.5)
    return alpha


def _ramp(start: int, length: int, canvas: int, at_start: bool, at_end: bool) -> Field:
    """0 at an end of the canvas that is faded, 1 from a twentieth of the canvas on."""
    place = np.arange(start, start + length, dtype=np.float32)
    away = np.full(length, np.inf, np.float32)
    if at_start:
        away = np.minimum(away, place)
    if at_end:
        away = np.minimum(away, canvas - 1 - place)
    share = np.clip(away / (0.05 * canvas), 0, 1)
    smooth: Field = (share * share * (3 - 2 * share)).astype(np.float32)
    return smooth


def blur(field: Field, across: float, down: float) -> Field:
    blurred = cv2.GaussianBlur(field, (0, 0), max(across, 0.3), sigmaY=max(down, 0.3))
    return np.asarray(blurred, np.float32)
