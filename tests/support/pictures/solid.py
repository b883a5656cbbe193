"""Plain opaque products: boxes, shoes, balls, vases, pairs; every backdrop, every colour."""

from __future__ import annotations

import numpy as np

from tests.support.pictures.backdrops import KINDS, any_colour, backdrop, light, shadow
from tests.support.pictures.materials import coat, product_colour, shading
from tests.support.pictures.noise import Rng
from tests.support.pictures.outlines import wobble
from tests.support.pictures.picture import Picture, photograph
from tests.support.pictures.sketch import Paint, Sketch

SOLID = ("box", "blob", "vase", "pair", "star", "shirt")


def solid(seed: int, *, size: tuple[int, int] | None = None, kind: str | None = None) -> Picture:
    """One product (kind of SOLID), textured, with hard edges."""
    rng = np.random.default_rng([seed, 505])
    width, height = size or (int(rng.integers(560, 1100)), int(rng.integers(560, 1100)))
    sketch = Sketch(width, height)
    kind = kind or str(rng.choice(SOLID))
    colour = product_colour(rng)
    shade = shading(rng, sketch.across(), str(rng.choice(["flat", "matte", "gloss"])))
    _draw(
        sketch,
        rng,
        kind,
        coat(rng, colour, shade, texture=str(rng.choice(["none", "speckle", "clouds", "wood", "cloth"]))),
    )
    tone = light(rng) if rng.random() < 0.5 else any_colour(rng)
    while np.abs(tone - colour).max() < 50:
        tone = any_colour(rng)
    where = str(rng.choice(KINDS))
    surface = backdrop(rng, width, height, where, tone)
    if rng.random() < 0.5:
        surface = shadow(rng, surface, sketch.finish()[0])
    return photograph(f"solid-{kind}-{where}-{seed}", sketch, surface, rng)


def _draw(sketch: Sketch, rng: Rng, kind: str, paint: Paint) -> None:
    x, y = sketch.width * rng.uniform(0.45, 0.55), sketch.height * rng.uniform(0.45, 0.55)
    r = min(sketch.width, sketch.height) * rng.uniform(0.25, 0.42)
    turn = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    round_ = np.stack([np.cos(turn), np.sin(turn)], 1)
    if kind == "box":
        front = np.array([[-0.9, -0.3], [0.5, -0.4], [0.5, 0.8], [-0.9, 0.7]]) * r + [x, y]
        side = np.array([[0.5, -0.4], [1, -0.7], [1, 0.3], [0.5, 0.8]]) * r + [x, y]
        top = np.array([[-0.9, -0.3], [-0.3, -0.65], [1, -0.7], [0.5, -0.4]]) * r + [x, y]
        for face, tone in ((side, 0.6), (top, 1.1), (front, 0.9)):
            sketch.add(sketch.polygon(face), np.clip(paint * tone, 0, 255).astype(np.float32))
    elif kind == "vase":
        t = np.linspace(0, 1, 80)
        wide = 0.4 + 0.35 * np.sin(t * rng.uniform(3, 7) + rng.uniform(0, 3))
        right = np.stack([wide, 2 * t - 1], 1)
        sketch.add(sketch.polygon(np.concatenate([right, (right * [-1, 1])[::-1]]) * r + [x, y]), paint)
    elif kind == "pair":
        for foot in (-1, 1):
            shoe = round_ * [0.36 * r, 0.9 * r] * (1 + 0.15 * np.sin(2 * turn))[:, None] + [x + foot * 0.5 * r, y]
            sketch.add(sketch.polygon(shoe), paint)
    elif kind == "star":
        count = 2 * int(rng.integers(5, 9))
        spikes = np.where(np.arange(count) % 2, 0.5, 1.0)
        angle = np.arange(count) * 2 * np.pi / count
        sketch.add(sketch.polygon(np.stack([np.cos(angle), np.sin(angle)], 1) * spikes[:, None] * r + [x, y]), paint)
    elif kind == "shirt":
        half = np.array([[0.15, -0.78], [0.35, -0.9], [1, -0.5], [0.8, -0.1], [0.55, -0.25], [0.55, 0.95]])
        shirt = np.concatenate([half, (half * [-1, 1])[::-1]])
        sketch.add(sketch.polygon(shirt * r + [x, y]), paint)
        if rng.random() < 0.5:
            print_ = round_ * 0.25 * r + [x, y]
            sketch.print_on(sketch.polygon(print_), np.asarray(rng.uniform(200, 255, 3), np.float32), label=True)
    else:
        bent = wobble(rng, turn, 0.15)
        sketch.add(sketch.polygon(round_ * (bent * r)[:, None] + [x, y]), paint)
