"""From linear light to pixels: depth of field, a photograph's grain, and rounding that leaves no bands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from processing.imaging.arrays import RGB

    Field = NDArray[np.float32]

_ROWS = 256
_STEPS = (0.0, 0.015, 0.03, 0.06, 0.125, 0.25, 0.5, 1.0)  # of the strongest blur; between two, pictures are mixed


def defocus(light: Field, blur: Field) -> None:
    """Blurs each row as far as the lens would, in place. `light`: (H, W, 3). `blur`: (H,) deviations in pixels."""
    most = float(blur.max())
    if most < 0.3:
        return
    share = np.interp(blur / most, _STEPS, np.arange(len(_STEPS)))
    sharp = light.copy()
    light[:] = 0
    for index, step in enumerate(_STEPS):
        weight = np.clip(1 - np.abs(share - index), 0, 1).astype(np.float32)
        rows = np.flatnonzero(weight)
        if not len(rows):
            continue
        sigma = step * most
        rim = int(3 * sigma) + 2
        top, bottom = max(rows[0] - rim, 0), min(rows[-1] + 1 + rim, len(blur))
        blurred = _blurred(sharp[top:bottom], sigma)[rows[0] - top : rows[-1] + 1 - top]
        light[rows[0] : rows[-1] + 1] += blurred * weight[rows[0] : rows[-1] + 1, None, None]


def developed(light: Field, size: tuple[int, int], random: np.random.Generator, *, grain: float) -> RGB:
    """Linear light as sRGB, uint8 (height, width, 3), at `size` (width, height).

    `grain`: standard deviation in levels, the same in all three colours. Rounding is dithered by triangular noise, so
    that a slow gradient stays a slow gradient. The same generator gives the same bytes.
    """
    width, height = size
    if (light.shape[1], light.shape[0]) != size:
        light = np.asarray(cv2.resize(light, size, interpolation=cv2.INTER_CUBIC), np.float32)
    out = np.empty((height, width, 3), np.uint8)
    for top in range(0, height, _ROWS):
        band = _levels(light[top : top + _ROWS])
        shape = band.shape[:2]
        noise = random.random((*shape, 3), np.float32)
        noise -= random.random((*shape, 3), np.float32)
        band += noise
        if grain:
            # Film shows its grain in the middle tones most.
            tone = band[:, :, 1] / np.float32(255)
            strength = np.float32(grain) * (np.float32(0.5) + 2 * tone * (1 - tone))
            band += (random.standard_normal(shape, np.float32) * strength)[:, :, None]
        out[top : top + _ROWS] = np.clip(np.rint(band), 0, 255)
    return out


def _levels(light: Field) -> Field:
    share = np.clip(light, 0, 1)
    return np.asarray(
        np.where(share <= 0.0031308, share * 12.92, 1.055 * np.power(share, np.float32(1 / 2.4)) - 0.055) * 255,
        np.float32,
    )


def _blurred(light: Field, sigma: float) -> Field:
    if sigma < 0.3:
        return light
    if sigma < 6:
        return np.asarray(cv2.GaussianBlur(light, (0, 0), sigma), np.float32)
    # A wide blur holds nothing that a smaller picture would lose.
    height, width = light.shape[:2]
    less = sigma / 3
    size = max(1, round(width / less)), max(1, round(height / less))
    small = cv2.GaussianBlur(cv2.resize(light, size, interpolation=cv2.INTER_AREA), (0, 0), 2.9)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)
