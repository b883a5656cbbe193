"""Noise without a grid: one tile of band-limited Gaussian noise, looked up at every scale and angle."""

from __future__ import annotations

from collections.abc import Mapping
from math import cos, pi, sin
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Field = NDArray[np.float32]

_SIZE = 1024  # of the tile, in its pixels; it repeats
_WAVE = 28.0  # pixels of the tile to one wave
_RIM = 4  # copied around the tile, for the cubic kernel


class Noise:
    """Fields of noise in scene units, mean 0, standard deviation about 1. The same generator gives the same fields."""

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random
        self._tile = _tile(random)

    def mark(self) -> Mapping[str, Any]:
        """Where its choices stand, for `back_to`: the same fields can then be asked for at other points."""
        return self._random.bit_generator.state

    def back_to(self, mark: Mapping[str, Any]) -> None:
        self._random.bit_generator.state = mark

    def wave(self, u: NDArray[Any], v: NDArray[Any], length: float, *, seen: Field | None = None) -> Field:
        """One octave at the points `u`, `v` (broadcastable): `length` scene units to a wave, at a random angle.

        `seen`: scene units to a pixel, broadcastable; waves that are too short for it fade out.
        """
        angle, *start = (float(value) for value in self._random.uniform(0, 1, 3))
        return self._look_up(u, v, length, 2 * pi * angle, start, seen)

    def along(self, u: NDArray[Any], v: NDArray[Any], across: float, *, seen: Field | None = None) -> Field:
        """As `wave`, without turning it: for coordinates that were stretched to give the noise a direction."""
        start = [float(value) for value in self._random.uniform(0, 1, 2)]
        return self._look_up(u, v, across, 0.0, start, seen)

    def fractal(
        self,
        u: NDArray[Any],
        v: NDArray[Any],
        length: float,
        octaves: int,
        *,
        gain: float = 0.5,
        seen: Field | None = None,
        turned: bool = True,
    ) -> Field:
        """Octaves of half the length each and `gain` times the strength (fractional Brownian motion)."""
        pick = self.wave if turned else self.along
        total = pick(u, v, length, seen=seen)
        strength = 1.0
        for octave in range(1, octaves):
            strength *= gain
            total += np.float32(strength) * pick(u, v, length / 2.03**octave, seen=seen)
        return total

    def _look_up(
        self, u: NDArray[Any], v: NDArray[Any], length: float, angle: float, start: list[float], seen: Field | None
    ) -> Field:
        scale = _WAVE / length
        along, over = np.float32(scale * cos(angle)), np.float32(scale * sin(angle))
        x = u * along + v * over + np.float32(start[0] * _SIZE)
        y = v * along - u * over + np.float32(start[1] * _SIZE)
        for place in (x, y):  # the tile repeats
            place -= np.floor(place / np.float32(_SIZE)) * np.float32(_SIZE)
            place += np.float32(_RIM)
        across, down = (np.ascontiguousarray(place) for place in np.broadcast_arrays(x, y))
        found = np.asarray(cv2.remap(self._tile, across, down, cv2.INTER_CUBIC), np.float32)
        if seen is not None:
            found *= np.exp(-((np.float32(1.6) * seen / np.float32(length)) ** 2))
        return found


def _tile(random: np.random.Generator) -> Field:
    """White noise of which one ring of frequencies is kept: no direction and no grid shows."""
    spectrum = np.fft.rfft2(random.standard_normal((_SIZE, _SIZE), np.float32))
    frequency = np.hypot(np.fft.fftfreq(_SIZE)[:, None], np.fft.rfftfreq(_SIZE)[None, :]) * _WAVE
    spectrum *= np.exp(-(((frequency - 1) / 0.45) ** 2)) * (frequency > 0)
    tile = np.fft.irfft2(spectrum, (_SIZE, _SIZE))
    tile = (tile / tile.std()).astype(np.float32)
    return np.asarray(cv2.copyMakeBorder(tile, _RIM, _RIM, _RIM, _RIM, cv2.BORDER_WRAP), np.float32)
