"""Outlines that no ruler drew."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tests.support.pictures.noise import Rng


def wobble(rng: Rng, turn: NDArray[np.float64], strength: float) -> NDArray[np.float64]:
    """Radii about 1 for the angles `turn` (N,): a pebble, bent by up to `strength` in each of three waves."""
    waves = [rng.uniform(0, strength) * np.cos(order * turn + rng.uniform(0, 2 * np.pi)) for order in (2, 3, 5)]
    return np.asarray(1 + np.sum(waves, axis=0), np.float64)
