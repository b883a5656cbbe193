"""Textures made of noise."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]
Rng = np.random.Generator


def clouds(rng: Rng, width: int, height: int, *, cell: float, octaves: int = 4, stretch: float = 1) -> Plane:
    """Fractal noise about 0, deviation about 1; `cell` pixels across, `stretch` times longer along x."""
    total = np.zeros((height, width), np.float32)
    for octave in range(octaves):
        size = max(cell / 2**octave, 1.0)
        grid = (max(2, round(height / size)), max(2, round(width / (size * stretch))))
        layer = rng.standard_normal(grid).astype(np.float32)
        total += cv2.resize(layer, (width, height), interpolation=cv2.INTER_CUBIC) * 0.6**octave
    return np.asarray(total / max(float(total.std()), 1e-6), np.float32)


def grain(rng: Rng, width: int, height: int, *, ring: float) -> Plane:
    """Wood: rings `ring` pixels apart, bent by noise."""
    y = np.arange(height, dtype=np.float32)[:, None]
    bend = clouds(rng, width, height, cell=max(height / 3, 4), octaves=3, stretch=4) * ring * 1.5
    fibre = clouds(rng, width, height, cell=6, octaves=2, stretch=8)
    return np.asarray(np.sin((y + bend) * 2 * np.pi / ring) + 0.4 * fibre, np.float32)


def weave(width: int, height: int, *, thread: float) -> Plane:
    """Cloth: crossing threads."""
    x = np.sin(np.arange(width, dtype=np.float32) * 2 * np.pi / thread)
    y = np.sin(np.arange(height, dtype=np.float32) * 2 * np.pi / thread)
    return np.asarray(x[None, :] * y[:, None] + 0.4 * (x[None, :] + y[:, None]), np.float32)
