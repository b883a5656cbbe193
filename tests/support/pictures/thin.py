"""Products with thin parts: cables, stands, branches, lamps."""

from __future__ import annotations

import numpy as np

from tests.support.pictures.backdrops import KINDS, any_colour, backdrop, shadow
from tests.support.pictures.materials import coat, product_colour, shading
from tests.support.pictures.noise import Rng
from tests.support.pictures.picture import Picture, photograph
from tests.support.pictures.sketch import Paint, Sketch

THIN = ("lamp", "plug", "tripod", "twig", "glasses", "brush")


def thin(seed: int, *, size: tuple[int, int] | None = None, kind: str | None = None) -> Picture:
    """One product (kind of THIN) whose thin parts are 2 to 9 pixels wide."""
    rng = np.random.default_rng([seed, 303])
    width, height = size or (int(rng.integers(560, 1100)), int(rng.integers(560, 1100)))
    sketch = Sketch(width, height)
    kind = kind or str(rng.choice(THIN))
    colour = product_colour(rng)
    paint = coat(rng, colour, shading(rng, sketch.across(), str(rng.choice(["flat", "matte"]))))
    _draw(sketch, rng, kind, paint)
    tone = any_colour(rng)
    while np.abs(tone - colour).max() < 60:
        tone = any_colour(rng)
    where = str(rng.choice(KINDS))
    surface = backdrop(rng, width, height, where, tone)
    if rng.random() < 0.4:
        surface = shadow(rng, surface, sketch.finish()[0])
    return photograph(f"thin-{kind}-{where}-{seed}", sketch, surface, rng)


def _draw(sketch: Sketch, rng: Rng, kind: str, paint: Paint) -> None:
    x, y = sketch.width * rng.uniform(0.45, 0.55), sketch.height * 0.5
    r = min(sketch.width, sketch.height) * rng.uniform(0.33, 0.44)
    fine = float(rng.uniform(2, 9))
    circle = np.stack([np.cos(np.linspace(0, 2 * np.pi, 90)), np.sin(np.linspace(0, 2 * np.pi, 90))], 1)
    if kind == "lamp":
        sketch.add(sketch.polygon(np.array([[-0.3, -1], [0.3, -1], [0.6, -0.3], [-0.6, -0.3]]) * r + [x, y]), paint)
        sketch.add(sketch.stroke([[x, y - 0.3 * r], [x, y + 0.9 * r]], fine), paint)
        sketch.add(sketch.polygon(circle * [0.4 * r, 0.08 * r] + [x, y + 0.92 * r]), paint)
    elif kind == "plug":
        t = np.linspace(0, 1, 80)
        cable = np.stack([x - r + 1.6 * r * t, y + 0.4 * r * np.sin(t * rng.uniform(4, 9))], 1)
        sketch.add(sketch.stroke(cable, fine), paint)
        box = np.array([[0, -0.3], [0.6, -0.3], [0.6, 0.3], [0, 0.3]]) * r + cable[-1]
        sketch.add(sketch.polygon(box), paint)
        sketch.add(sketch.polygon(circle * 0.22 * r + cable[0]), paint)
    elif kind == "tripod":
        for foot in (-0.7, 0.05, 0.75):
            sketch.add(sketch.stroke([[x, y - 0.2 * r], [x + foot * r, y + r]], fine), paint)
        sketch.add(
            sketch.polygon(np.array([[-0.45, -0.9], [0.45, -0.9], [0.45, -0.2], [-0.45, -0.2]]) * r + [x, y]), paint
        )
    elif kind == "twig":
        sketch.add(sketch.stroke([[x, y - r], [x, y + 0.4 * r]], fine * 1.2), paint)
        for level in np.linspace(-0.9, 0.1, 6):
            for side in (-1, 1):
                tip = np.array([x + side * r * rng.uniform(0.3, 0.6), y + (level - 0.2) * r])
                sketch.add(sketch.stroke(np.array([[x, y + level * r], tip]), fine * 0.8), paint)
                sketch.add(sketch.polygon(circle * [0.12 * r, 0.06 * r] + tip), paint)
        sketch.add(sketch.polygon(np.array([[-0.3, 0.4], [0.3, 0.4], [0.22, 1], [-0.22, 1]]) * r + [x, y]), paint)
    elif kind == "glasses":
        for side in (-1, 1):
            lens = circle * [0.42 * r, 0.32 * r] + [x + side * 0.52 * r, y]
            sketch.add(sketch.stroke(lens, fine + 4, closed=True), paint)
        sketch.add(sketch.stroke([[x - 0.12 * r, y], [x + 0.12 * r, y]], fine + 2), paint)
        for side in (-1, 1):
            sketch.add(sketch.stroke([[x + side * 0.92 * r, y], [x + side * 1.05 * r, y - 0.25 * r]], fine), paint)
    else:
        sketch.add(sketch.stroke([[x - 0.7 * r, y + 0.7 * r], [x + 0.3 * r, y - 0.3 * r]], fine * 2 + 6), paint)
        head = np.array([x + 0.35 * r, y - 0.35 * r])
        for turn in np.linspace(-0.7, 0.7, 26):
            angle = -np.pi / 4 + turn * 0.6
            tip = head + r * rng.uniform(0.45, 0.6) * np.array([np.cos(angle), np.sin(angle)])
            sketch.add(sketch.stroke(np.stack([head, tip]), max(1.0, fine * 0.5)), paint)
