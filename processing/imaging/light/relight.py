"""A subject in another light: exposure, white balance, a mild light from one side. Its outline is not touched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from processing.imaging.light.light import Light
from processing.imaging.light.shading import Shading, shading
from processing.imaging.light.tone import encoded, linear, shoulder
from processing.imaging.light.white_balance import balance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from processing.imaging.arrays import RGB, Alpha

_ROWS = 128  # at a time: the float copies stay small
_STRONGEST = 0.85  # stops that full lighting adds on the lit side and takes on the other
_SIDE = 64


@dataclass(frozen=True, slots=True)
class Look:
    """`exposure`: stops. `warmth`: -1 cool, 1 warm. `lighting`: strength of the light from one side, 0..1."""

    exposure: float = 0.0
    warmth: float = 0.0
    lighting: float = 0.0

    @property
    def neutral(self) -> bool:
        return not (self.exposure or self.warmth or self.lighting)


def relight(rgb: RGB, alpha: Alpha, light: Light, look: Look) -> RGB:
    """The subject's colours in that light, in a new array; `rgb` itself where the look is neutral.

    `rgb`: straight colours uint8 (H, W, 3). `alpha`: uint8 (H, W), read only.
    """
    if look.neutral or not (alpha > 127).any():
        return rgb
    matrix = 2.0**look.exposure * balance(look.warmth)
    side = shading(alpha, light) if look.lighting else None
    stops = np.float32(_STRONGEST * look.lighting)
    brightest = float(matrix.sum(axis=1).max()) * float(2**stops)
    out = np.empty_like(rgb)
    noise = _noise(rgb.shape[1])
    for first in range(0, rgb.shape[0], _ROWS):
        last = min(first + _ROWS, rgb.shape[0])
        lit = np.asarray(cv2.transform(linear(rgb[first:last]), matrix), np.float32)
        if side is not None:
            lit *= _gain(side, first, last, rgb.shape[1], stops)[:, :, None]
        levels = encoded(shoulder(lit, brightest))
        levels += np.resize(noise, (last - first, rgb.shape[1]))[:, :, None]  # no steps in a smooth gradient
        out[first:last] = np.clip(np.rint(levels), 0, 255)
    return out


def _gain(side: Shading, first: int, last: int, columns: int, stops: np.float32) -> NDArray[np.float32]:
    return np.asarray(np.exp2(stops * np.clip(side.rows(first, last, columns), -1, 1)), np.float32)


def _noise(columns: int) -> NDArray[np.float32]:
    """(_SIDE, columns) of less than half a level, the same for every picture."""
    tile = np.random.default_rng(1).uniform(-0.49, 0.49, (_SIDE, _SIDE)).astype(np.float32)
    return np.tile(tile, (1, -(-columns // _SIDE)))[:, :columns]
