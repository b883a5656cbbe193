"""Products with soft edges: plush, feathers, defocus, motion."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.support.pictures.backdrops import KINDS, any_colour, backdrop, shadow
from tests.support.pictures.materials import coat, product_colour, shading
from tests.support.pictures.outlines import wobble
from tests.support.pictures.picture import Picture, photograph
from tests.support.pictures.sketch import SCALE, Paint, Sketch

SOFT = ("plush", "defocus", "motion")


def soft(seed: int, *, size: tuple[int, int] | None = None, kind: str | None = None) -> Picture:
    """One product (kind of SOFT) whose alpha changes over 3 to 30 pixels at the edge."""
    rng = np.random.default_rng([seed, 404])
    width, height = size or (int(rng.integers(560, 1100)), int(rng.integers(560, 1100)))
    sketch = Sketch(width, height)
    kind = kind or str(rng.choice(SOFT))
    centre = np.array([width * rng.uniform(0.45, 0.55), height * rng.uniform(0.45, 0.55)])
    r = min(width, height) * rng.uniform(0.24, 0.36)
    turn = np.linspace(0, 2 * np.pi, 240, endpoint=False)
    bent = wobble(rng, turn, 0.12)
    outline = centre + (r * bent)[:, None] * np.stack([np.cos(turn), np.sin(turn)], 1)
    colour = product_colour(rng)
    grid_x, _ = sketch.grid()
    shade = shading(rng, (grid_x - np.float32(centre[0])) / np.float32(r), "matte")
    sketch.add(sketch.polygon(outline), coat(rng, colour, shade, texture="clouds"))
    if kind == "plush":
        length = r * rng.uniform(0.06, 0.16)
        for _ in range(1600):
            index = int(rng.integers(0, len(outline)))
            root = centre + (outline[index] - centre) * rng.uniform(0.8, 1.0)
            angle = turn[index] + rng.normal(0, 0.35)
            tip = root + length * rng.uniform(0.5, 1.3) * np.array([np.cos(angle), np.sin(angle)])
            _hair(sketch, root, tip, np.clip(colour * rng.uniform(0.6, 1.2), 0, 255).astype(np.float32))
    elif kind == "defocus":
        sketch.soften(float(rng.uniform(1.5, 7)))
    else:
        _smear(sketch, int(rng.integers(6, 26)), bool(rng.random() < 0.5))
    tone = any_colour(rng)
    while np.abs(tone - colour).max() < 60:
        tone = any_colour(rng)
    where = str(rng.choice(KINDS))
    surface = backdrop(rng, width, height, where, tone)
    if rng.random() < 0.4:
        surface = shadow(rng, surface, sketch.finish()[0])
    return photograph(f"soft-{kind}-{where}-{seed}", sketch, surface, rng)


def _hair(sketch: Sketch, root: NDArray[np.floating], tip: NDArray[np.floating], colour: Paint) -> None:
    """One hair, painted in its own window: a whole layer for each would take minutes."""
    low = np.maximum(np.floor(np.minimum(root, tip) * SCALE).astype(int) - 2, 0)
    high = np.ceil(np.maximum(root, tip) * SCALE).astype(int) + 3
    window = np.s_[low[1] : high[1], low[0] : high[0]]
    shape = sketch.alpha[window].shape
    if 0 in shape:
        return
    plane = np.zeros(shape, np.uint8)
    a, b = (tuple(int(v) for v in np.round(point * SCALE - low)) for point in (root, tip))
    cv2.line(plane, a, b, 255, 1, cv2.LINE_AA)
    sketch.add_at(window, plane.astype(np.float32) / np.float32(255), colour)


def _smear(sketch: Sketch, length: int, sideways: bool) -> None:
    size = (length * SCALE, 1) if sideways else (1, length * SCALE)
    sketch.smear(lambda plane: cv2.blur(plane, size))
