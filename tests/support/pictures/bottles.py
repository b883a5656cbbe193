"""Bottles, jars, tubes and cans with light labels: what punches holes into a network's mask."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tests.support.pictures.backdrops import backdrop, light, shadow
from tests.support.pictures.materials import FINISHES, coat, product_colour, shading
from tests.support.pictures.noise import Plane, Rng
from tests.support.pictures.picture import Picture, photograph
from tests.support.pictures.sketch import Sketch

# Half width along the body from 0 (top) to 1 (bottom), as (where, half width); the last is the widest.
PROFILES: dict[str, list[tuple[float, float]]] = {
    "wine": [(0, 0.3), (0.3, 0.3), (0.42, 0.95), (0.5, 1), (1, 1)],
    "dropper": [(0, 0.35), (0.12, 0.35), (0.125, 0.5), (0.28, 0.5), (0.34, 1), (1, 1)],
    "jar": [(0, 0.9), (0.16, 0.9), (0.165, 1), (1, 1)],
    "can": [(0, 0.9), (0.03, 1), (0.97, 1), (1, 0.9)],
    "tube": [(0, 1), (0.82, 0.85), (0.83, 0.6), (1, 0.6)],
    "flask": [(0, 0.28), (0.2, 0.3), (0.6, 0.7), (0.9, 1), (1, 0.9)],
    "pump": [(0, 0.1), (0.1, 0.1), (0.105, 0.4), (0.2, 0.4), (0.27, 1), (1, 1)],
    "square": [(0, 0.45), (0.12, 0.45), (0.125, 1), (1, 1)],
}
ASPECT = {
    "wine": 0.3,
    "dropper": 0.42,
    "jar": 0.85,
    "can": 0.5,
    "tube": 0.36,
    "flask": 0.6,
    "pump": 0.42,
    "square": 0.5,
}
LABELS = ("plain", "text", "bars", "logo", "bordered", "stripes", "oval", "two", "wrap")


def bottle(seed: int, *, size: tuple[int, int] | None = None, label: str | None = None) -> Picture:
    """One bottle with a light label (one of LABELS) on a light backdrop; everything else varies with the seed."""
    rng = np.random.default_rng([seed, 101])
    width, height = size or (int(rng.integers(560, 1100)), int(rng.integers(620, 1200)))
    sketch = Sketch(width, height)
    profile = str(rng.choice(list(PROFILES)))
    label = label or str(rng.choice(LABELS))
    length = height * rng.uniform(0.55, 0.88)
    half = min(length * ASPECT[profile] / 2 * rng.uniform(0.85, 1.2), width * 0.42)
    centre = np.array([width * rng.uniform(0.45, 0.55), height * rng.uniform(0.48, 0.52)])
    turn = float(rng.choice([0, 0, rng.normal(0, 0.05), rng.normal(0, 0.2)]))
    body = _Body(PROFILES[profile], centre, length, half, turn)
    colour = product_colour(rng)
    if colour.mean() > 190:
        colour = colour * 0.7
    finish = str(rng.choice(FINISHES))
    across, _ = body.coordinates(sketch)
    shade = shading(rng, across, finish)
    sketch.add(
        sketch.polygon(body.outline()),
        coat(rng, colour, shade, texture=str(rng.choice(["none", "none", "speckle", "clouds"]))),
    )
    cap = PROFILES[profile][1][0] if profile not in {"tube", "can"} else 0.0
    if cap and rng.random() < 0.8:
        cap_paint = coat(rng, product_colour(rng), shade)
        sketch.print_on(sketch.polygon(body.box(-1.2, -0.02, 1.2, cap)), cap_paint)
    surface = backdrop(
        rng,
        width,
        height,
        str(rng.choice(["plain", "plain", "gradient", "radial", "sweep", "texture", "cloth"])),
        light(rng),
    )
    near = surface[height // 2, width // 8]
    _label(sketch, body, rng, label, near, shade if rng.random() < 0.6 else np.ones_like(shade))
    if rng.random() < 0.5:
        surface = shadow(rng, surface, sketch.finish()[0])
    return photograph(f"bottle-{profile}-{label}-{seed}", sketch, surface, rng)


class _Body:
    """An upright body of revolution, turned a little: from (across, along) to pixels and back."""

    def __init__(
        self, profile: list[tuple[float, float]], centre: NDArray[np.float64], length: float, half: float, turn: float
    ) -> None:
        self.profile, self.centre, self.length, self.half = profile, centre, length, half
        cos, sin = np.cos(turn), np.sin(turn)
        self.turn = np.array([[cos, -sin], [sin, cos]])

    def to_pixels(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        local = np.stack([points[:, 0] * self.half, (points[:, 1] - 0.5) * self.length], axis=1)
        return np.asarray(local @ self.turn.T + self.centre)

    def outline(self) -> NDArray[np.float64]:
        where, width = np.array(self.profile).T
        along = np.unique(np.concatenate([np.linspace(0, 1, 160), where, where + 1e-4]).clip(0, 1))
        side = np.interp(along, where, width)
        kernel = np.hanning(7) / np.hanning(7).sum()
        side = np.convolve(np.pad(side, 3, mode="edge"), kernel, "valid")
        right = np.stack([side, along], axis=1)
        left = np.stack([-side, along], axis=1)[::-1]
        return self.to_pixels(np.concatenate([right, left]))

    def box(self, left: float, top: float, right: float, bottom: float, *, round_to: float = 0) -> NDArray[np.float64]:
        corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
        if not round_to:
            return self.to_pixels(corners)
        ratio = self.half / self.length
        inset = np.array([round_to, round_to * ratio])
        arcs = []
        for corner, inward, start in zip(
            corners, [(1, 1), (-1, 1), (-1, -1), (1, -1)], (np.pi, 1.5 * np.pi, 0, 0.5 * np.pi), strict=True
        ):
            angle = start + np.linspace(0, np.pi / 2, 8)
            arcs.append(corner + np.array(inward) * inset + np.stack([np.cos(angle), np.sin(angle)], 1) * inset)
        return self.to_pixels(np.concatenate(arcs))

    def coordinates(self, sketch: Sketch) -> tuple[Plane, Plane]:
        x, y = sketch.grid()
        local = np.stack([x - self.centre[0], y - self.centre[1]], axis=-1) @ self.turn
        along = (local[..., 1] / self.length + 0.5).astype(np.float32)
        where, width = np.array(self.profile).T
        side = np.interp(along, where, width)
        return (local[..., 0] / self.half / side).astype(np.float32), along


def _label(sketch: Sketch, body: _Body, rng: Rng, kind: str, near: NDArray[np.float32], shade: Plane) -> None:
    tone = rng.choice(["backdrop", "white", "cream", "pastel"])
    colour = {
        "backdrop": near + rng.normal(0, 5, 3),
        "white": np.full(3, rng.uniform(238, 255)),
        "cream": np.array([244, 238, 220]) + rng.normal(0, 5, 3),
        "pastel": rng.uniform(205, 252, 3),
    }[str(tone)]
    paint = np.clip(np.clip(colour, 0, 255).astype(np.float32) * shade[..., None], 0, 255).astype(np.float32)
    widest = [where for where, side in body.profile if side >= 0.95]
    first = min(widest) if len(widest) > 1 else 0.55
    last = max(widest) if len(widest) > 1 else 0.95
    if last - first < 0.3:
        first, last = (0.1, 0.8) if body.profile[0][1] == 1 else (0.5, 0.97)
    top = first + (last - first) * rng.uniform(0.05, 0.22)
    bottom = last - (last - first) * rng.uniform(0.05, 0.25)
    side = 1.3 if kind == "wrap" else float(rng.uniform(0.62, 0.93))
    edge = float(rng.choice([0, 0.08, 0.25]))
    panels = [(top, bottom)]
    if kind == "two":
        middle = top + (bottom - top) * rng.uniform(0.3, 0.6)
        panels = [(top, middle - 0.02), (middle + 0.02, bottom)]
    for upper, lower in panels:
        if kind == "oval":
            angle = np.linspace(0, 2 * np.pi, 90)
            oval = np.stack([side * np.cos(angle), (upper + lower) / 2 + (lower - upper) / 2 * np.sin(angle)], 1)
            panel = sketch.polygon(body.to_pixels(oval))
        else:
            panel = sketch.polygon(body.box(-side, upper, side, lower, round_to=0 if kind == "wrap" else edge))
        sketch.print_on(panel, paint, label=True)
        if kind == "bordered":
            ring = sketch.stroke(
                body.box(-side * 0.92, upper + 0.015, side * 0.92, lower - 0.015), rng.uniform(1, 4), closed=True
            )
            sketch.print_on(ring, np.asarray(rng.uniform(20, 150, 3), np.float32))
        _print(sketch, body, rng, kind, min(side, 0.95), upper, lower)


def _print(sketch: Sketch, body: _Body, rng: Rng, kind: str, side: float, upper: float, lower: float) -> None:
    ink = np.asarray(rng.uniform(0, 130, 3), np.float32)
    tall = lower - upper
    if kind in {"text", "two", "oval", "bordered"} or (kind == "wrap" and rng.random() < 0.6):
        lines = int(rng.integers(1, 5))
        for line in range(lines):
            words = str(rng.choice(["PURE", "Herbal", "No 7", "ACTIVE", "Silk & Oat", "100 ml", "Tonic", "Extra"]))
            base = body.to_pixels(np.array([[-side * 0.6, upper + tall * (0.25 + 0.6 * line / max(lines, 1))]]))[0]
            height = min(body.half * side / len(words) * 1.6, tall * body.length / (lines + 1) * 0.6)
            sketch.print_on(sketch.text(words, base[0], base[1], height, max(1.0, height / 9)), ink)
    elif kind == "bars":
        for line in range(int(rng.integers(3, 9))):
            y = upper + tall * (0.12 + 0.1 * line)
            if y + 0.05 * tall > lower:
                break
            half = side * rng.uniform(0.3, 0.8)
            sketch.print_on(sketch.polygon(body.box(-half, y, half, y + 0.035 * tall)), ink)
    elif kind == "logo":
        angle = np.linspace(0, 2 * np.pi, 60)
        radius = min(side * body.half, tall * body.length / 2) * rng.uniform(0.3, 0.6)
        middle = body.to_pixels(np.array([[0.0, (upper + lower) / 2]]))[0]
        circle = middle + radius * np.stack([np.cos(angle), np.sin(angle)], 1)
        shape = sketch.polygon(circle) if rng.random() < 0.5 else sketch.stroke(circle, radius * 0.12, closed=True)
        sketch.print_on(shape, ink)
    elif kind == "stripes":
        for y in (upper + tall * 0.1, lower - tall * 0.2):
            sketch.print_on(sketch.polygon(body.box(-side, y, side, y + tall * 0.1)), ink)
