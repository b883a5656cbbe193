"""Linear light and back, with a shoulder that no highlight is clipped by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from processing.imaging.arrays import RGB

    Field = NDArray[np.float32]

_KNEE = 0.45  # of linear light: what is darker keeps its exact exposure
_STEPS = 8191


def linear(rgb: RGB) -> Field:
    """sRGB uint8 as linear light, float32 0..1 of the same shape."""
    return np.asarray(cv2.LUT(rgb, _LINEAR), np.float32)


def shoulder(light: Field, brightest: float) -> Field:
    """`light`, of which `brightest` is the most there can be, brought to 0..1, rising everywhere.

    Extended Reinhard above a knee: steeper than nothing up to white, so that a white product keeps its form.
    """
    light = np.maximum(light, 0)
    if brightest <= 1:
        return light
    most = np.float32((brightest - _KNEE) / (1 - _KNEE))
    above = np.clip((light - _KNEE) / (1 - _KNEE), 0, most)
    rolled = _KNEE + (1 - _KNEE) * above * (1 + above / most**2) / (1 + above)
    return np.where(light > _KNEE, rolled, light).astype(np.float32)


def encoded(light: Field) -> Field:
    """Linear light 0..1 as sRGB levels, float32 0..255, not rounded."""
    # Finer where sRGB is steep: the table goes by the square root.
    places = np.sqrt(np.clip(light, 0, 1)) * np.float32(_STEPS)
    first = places.astype(np.uint16)
    share = places - first
    low = _LEVELS[first]
    return np.asarray(low + (_LEVELS[first + 1] - low) * share, np.float32)


def _srgb(light: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


_LEVEL = np.arange(256) / 255
_LINEAR = np.where(_LEVEL <= 0.04045, _LEVEL / 12.92, ((_LEVEL + 0.055) / 1.055) ** 2.4).astype(np.float32)
_LEVELS = (255 * _srgb(np.minimum(np.arange(_STEPS + 2) / _STEPS, 1) ** 2)).astype(np.float32)
