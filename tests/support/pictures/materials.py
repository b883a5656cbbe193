"""Surfaces of subjects: paint at drawing size, (H, W, 3)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tests.support.pictures.noise import Plane, Rng, clouds, grain, weave

Paint = NDArray[np.float32]
FINISHES = ("flat", "matte", "gloss", "glass")


def shading(rng: Rng, across: Plane, finish: str) -> Plane:
    """Light on a round body; `across` runs from −1 at the left edge to 1 at the right."""
    u = np.clip(across, -1, 1)
    if finish == "flat":
        return np.ones_like(u)
    side = rng.uniform(-0.5, 0.5)
    body = 1 - rng.uniform(0.25, 0.6) * np.abs(u - side) ** 2
    if finish == "gloss":
        for _ in range(int(rng.integers(1, 3))):
            body = body + rng.uniform(0.3, 1.0) * np.exp(
                -(((u - rng.uniform(-0.8, 0.8)) / rng.uniform(0.04, 0.12)) ** 2)
            )
    if finish == "glass":
        body = body * (0.75 + 0.25 * np.sqrt(np.clip(1 - u**2, 0, 1))) + 0.25 * np.exp(-(((u + 0.6) / 0.08) ** 2))
    return np.asarray(body, np.float32)


def coat(rng: Rng, colour: NDArray[np.float32], shade: Plane, *, texture: str = "none") -> Paint:
    """Paint of one colour under a shading, with a texture: none, speckle, clouds, wood, cloth."""
    height, width = shade.shape
    paint = colour * shade[..., None]
    if texture == "speckle":
        paint = paint + clouds(rng, width, height, cell=3, octaves=1)[..., None] * rng.uniform(3, 12)
    elif texture == "clouds":
        paint = paint + clouds(rng, width, height, cell=float(rng.uniform(20, 90)))[..., None] * rng.uniform(5, 25)
    elif texture == "wood":
        paint = paint + grain(rng, width, height, ring=float(rng.uniform(14, 50)))[..., None] * rng.uniform(5, 18)
    elif texture == "cloth":
        paint = paint + weave(width, height, thread=float(rng.uniform(6, 14)))[..., None] * rng.uniform(5, 18)
    return np.asarray(np.clip(paint, 0, 255), np.float32)


def product_colour(rng: Rng) -> NDArray[np.float32]:
    """A colour that products have: dark and saturated as often as pale."""
    kind = rng.choice(["dark", "bold", "pale", "metal", "amber"])
    if kind == "dark":
        return rng.uniform(10, 70, 3).astype(np.float32)
    if kind == "bold":
        return rng.uniform(20, 220, 3).astype(np.float32)
    if kind == "pale":
        return rng.uniform(150, 215, 3).astype(np.float32)
    if kind == "metal":
        return np.asarray(np.full(3, rng.uniform(90, 190)) + rng.normal(0, 4, 3), np.float32)
    return np.asarray(np.array([120, 62, 18]) * rng.uniform(0.6, 1.3), np.float32)
