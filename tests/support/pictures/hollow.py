"""Products with true holes, through which the backdrop shows: handles, rings, frames, legs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from tests.support.pictures.backdrops import any_colour, backdrop, light, shadow
from tests.support.pictures.materials import Paint, coat, product_colour, shading
from tests.support.pictures.noise import Plane, Rng
from tests.support.pictures.picture import Picture, photograph
from tests.support.pictures.sketch import Sketch

Points = NDArray[np.float64]


def hollow(seed: int, *, size: tuple[int, int] | None = None, kind: str | None = None) -> Picture:
    """One product with at least one true hole (kind: a key of DRAWERS); half of them on light backdrops."""
    rng = np.random.default_rng([seed, 202])
    width, height = size or (int(rng.integers(560, 1100)), int(rng.integers(560, 1100)))
    sketch = Sketch(width, height)
    kind = kind or str(rng.choice(list(DRAWERS)))
    shade = shading(rng, sketch.across(), str(rng.choice(["flat", "matte", "gloss"])))
    colour = product_colour(rng)
    texture = str(rng.choice(["none", "none", "speckle", "clouds", "wood"]))
    DRAWERS[kind](sketch, rng, coat(rng, colour, shade, texture=texture))
    tone = light(rng) if rng.random() < 0.6 else any_colour(rng)
    while np.abs(tone - colour).max() < 50:
        tone = any_colour(rng)
    where = str(rng.choice(["plain", "gradient", "radial", "sweep", "texture", "wood", "cloth"]))
    surface = backdrop(rng, width, height, where, tone)
    if rng.random() < 0.5:
        surface = shadow(rng, surface, sketch.finish()[0])
    return photograph(f"hollow-{kind}-{where}-{seed}", sketch, surface, rng)


def _circle(x: float, y: float, rx: float, ry: float | None = None, start: float = 0, end: float = 2 * np.pi) -> Points:
    angle = np.linspace(start, end, 120)
    return np.stack([x + rx * np.cos(angle), y + (ry or rx) * np.sin(angle)], 1)


def _frame(sketch: Sketch, rng: Rng) -> tuple[float, float, float]:
    """Centre and a length that fits into the picture."""
    reach = min(sketch.width, sketch.height)
    return (
        sketch.width * rng.uniform(0.46, 0.54),
        sketch.height * rng.uniform(0.46, 0.54),
        reach * rng.uniform(0.3, 0.43),
    )


def _mug(sketch: Sketch, rng: Rng, paint: Paint) -> None:
    x, y, r = _frame(sketch, rng)
    half, tall = r * 0.62, r * rng.uniform(0.7, 0.95)
    side = float(rng.choice([-1, 1]))
    x -= side * r * 0.2
    handle = _circle(x + side * half * 0.95, y, r * rng.uniform(0.4, 0.55), tall * rng.uniform(0.45, 0.65))
    sketch.add(sketch.stroke(handle, r * rng.uniform(0.1, 0.18), closed=True), (paint * 0.9).astype(np.float32))
    body = np.concatenate([_circle(x, y - tall, half, half * 0.2, np.pi, 2 * np.pi),
                           _circle(x, y + tall, half * rng.uniform(0.8, 1), half * 0.2, 0, np.pi)])  # fmt: skip
    sketch.add(sketch.polygon(body), paint)
    if rng.random() < 0.6:
        inside = sketch.polygon(_circle(x, y - tall, half * 0.93, half * 0.17))
        sketch.print_on(inside, (paint * rng.uniform(0.4, 0.8)).astype(np.float32))
    if rng.random() < 0.4:
        corner = np.array([[-0.5, -0.4], [0.4, -0.4], [0.4, 0.4], [-0.5, 0.4]]) * [half, tall] + [x, y]
        sketch.print_on(sketch.polygon(corner), np.asarray(rng.uniform(225, 255, 3), np.float32), label=True)


def _ring(sketch: Sketch, rng: Rng, paint: Paint) -> None:
    x, y, r = _frame(sketch, rng)
    flat = rng.uniform(0.55, 1)
    band = r * rng.uniform(0.1, 0.4)
    sketch.add(sketch.polygon(_circle(x, y, r, r * flat)), paint)
    sketch.cut(sketch.polygon(_circle(x, y + r * rng.uniform(0, 0.03), r - band, (r - band) * flat)))
    if rng.random() < 0.4:
        gem = _circle(x, y - r * flat, band * 0.9)[::12]
        sketch.add(sketch.polygon(gem), np.asarray(rng.uniform(60, 255, 3), np.float32))


def _square_ring(sketch: Sketch, rng: Rng, paint: Paint) -> None:
    x, y, r = _frame(sketch, rng)
    half = np.array([r * rng.uniform(0.6, 1), r])
    band = r * rng.uniform(0.12, 0.3)
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
    turn = rng.normal(0, 0.08)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    sketch.add(sketch.polygon(corners * half @ rotation.T + [x, y]), paint)
    sketch.cut(sketch.polygon(corners * (half - band) @ rotation.T + [x, y]))


def _bag(sketch: Sketch, rng: Rng, paint: Paint) -> None:
    x, y, r = _frame(sketch, rng)
    wide, tall = r * 0.75, r * rng.uniform(0.6, 0.8)
    top = y - tall * 0.2
    for scale in (1.0, float(rng.uniform(0.8, 1.0)))[: int(rng.integers(1, 3))]:
        arch = _circle(x, top, wide * 0.55 * scale, r * 0.85 * scale, np.pi, 2 * np.pi)
        sketch.add(sketch.stroke(arch, r * rng.uniform(0.05, 0.1)), (paint * 0.8).astype(np.float32))
    body = np.array(
        [[x - wide * 0.9, top], [x + wide * 0.9, top], [x + wide, top + tall * 1.3], [x - wide, top + tall * 1.3]]
    )
    sketch.add(sketch.polygon(body), paint)
    if rng.random() < 0.4:
        panel = (body - body.mean(0)) * 0.5 + body.mean(0)
        sketch.print_on(sketch.polygon(panel), np.asarray(rng.uniform(220, 255, 3), np.float32), label=True)


def _chair(sketch: Sketch, rng: Rng, paint: Paint) -> None:
    x, y, r = _frame(sketch, rng)
    wide, leg = r * 0.55, r * rng.uniform(0.06, 0.1)
    dark = (paint * 0.8).astype(np.float32)
    for side in (-1, 1):
        sketch.add(sketch.stroke([[x + side * wide * 0.9, y], [x + side * wide, y + r]], leg), paint)
        sketch.add(sketch.stroke([[x + side * wide * 0.85, y - r], [x + side * wide * 0.9, y]], leg), paint)
    for level in np.linspace(-0.95, -0.45, int(rng.integers(2, 4))):
        sketch.add(sketch.stroke([[x - wide * 0.87, y + level * r], [x + wide * 0.87, y + level * r]], leg * 1.3), dark)
    sketch.add(sketch.stroke([[x - wide * 0.95, y + r * 0.6], [x + wide * 0.95, y + r * 0.6]], leg * 0.8), dark)
    seat = np.array([[x - wide, y], [x + wide, y], [x + wide * 1.1, y + r * 0.18], [x - wide * 1.1, y + r * 0.18]])
    sketch.add(sketch.polygon(seat), paint)


def _scissors(sketch: Sketch, rng: Rng, paint: Paint) -> None:
    x, y, r = _frame(sketch, rng)
    grip = np.asarray(rng.uniform(10, 200, 3), np.float32)
    for side in (-1, 1):
        blade = np.array([[x, y], [x + side * r * 0.3, y - r], [x + side * r * 0.17, y - r], [x - side * r * 0.1, y]])
        sketch.add(sketch.polygon(blade), paint)
        sketch.add(sketch.stroke([[x, y], [x - side * r * 0.3, y + r * 0.45]], r * 0.14), grip)
        loop = _circle(x - side * r * 0.38, y + r * 0.65, r * 0.26, r * 0.32)
        sketch.add(sketch.stroke(loop, r * rng.uniform(0.08, 0.12), closed=True), grip)


def _padlock(sketch: Sketch, rng: Rng, paint: Paint) -> None:
    x, y, r = _frame(sketch, rng)
    steel = np.full(3, rng.uniform(100, 200), np.float32)
    shackle = _circle(x, y - r * 0.1, r * 0.45, r * 0.8, np.pi, 2 * np.pi)
    sketch.add(sketch.stroke(shackle, r * rng.uniform(0.12, 0.2)), steel)
    corners = np.array([[-0.7, -0.1], [0.7, -0.1], [0.7, 0.95], [-0.7, 0.95]]) * r + [x, y]
    sketch.add(sketch.polygon(corners), paint)


def _rack(sketch: Sketch, rng: Rng, paint: Paint) -> None:
    x, y, r = _frame(sketch, rng)
    rail = r * rng.uniform(0.08, 0.16)
    for side in (-0.6, 0.6):
        sketch.add(sketch.stroke([[x + side * r, y - r], [x + side * r, y + r]], rail), paint)
    for level in np.linspace(-0.8, 0.8, int(rng.integers(3, 6))):
        sketch.add(sketch.stroke([[x - 0.6 * r, y + level * r], [x + 0.6 * r, y + level * r]], rail), paint)


def _kettle(sketch: Sketch, rng: Rng, paint: Paint) -> None:
    x, y, r = _frame(sketch, rng)
    handle = _circle(x, y - r * 0.15, r * 0.6, r * 0.75, np.pi, 2 * np.pi)
    sketch.add(sketch.stroke(handle, r * 0.1), (paint * 0.5).astype(np.float32))
    spout = np.array([[x + r * 0.5, y + r * 0.3], [x + r, y - r * 0.35], [x + r * 0.88, y - r * 0.4], [x + r * 0.4, y]])
    sketch.add(sketch.polygon(spout), paint)
    sketch.add(sketch.polygon(_circle(x, y + r * 0.3, r * 0.72, r * 0.55)), paint)


def _headphones(sketch: Sketch, rng: Rng, paint: Paint) -> None:
    x, y, r = _frame(sketch, rng)
    band = _circle(x, y, r * 0.8, r * 0.95, np.pi * 0.9, np.pi * 2.1)
    sketch.add(sketch.stroke(band, r * 0.12), paint)
    for side in (-1, 1):
        sketch.add(
            sketch.polygon(_circle(x + side * r * 0.72, y + r * 0.45, r * 0.24, r * 0.4)),
            (paint * 0.7).astype(np.float32),
        )


DRAWERS: dict[str, Callable[[Sketch, Rng, Paint], None]] = {
    "mug": _mug, "ring": _ring, "square": _square_ring, "bag": _bag, "chair": _chair, "scissors": _scissors,
    "padlock": _padlock, "rack": _rack, "kettle": _kettle,
}  # fmt: skip
OPEN_DRAWERS: dict[str, Callable[[Sketch, Rng, Paint], None]] = {"headphones": _headphones}
Shape = Plane
