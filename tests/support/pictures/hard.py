"""Scenes made to mislead: no contrast, clutter, mirrors of the subject, a subject that is tiny or cut off."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.support.pictures.backdrops import Image, any_colour, backdrop
from tests.support.pictures.materials import coat, product_colour, shading
from tests.support.pictures.noise import Rng, clouds
from tests.support.pictures.outlines import wobble
from tests.support.pictures.picture import Picture, photograph
from tests.support.pictures.sketch import Sketch

HARD = ("camouflage", "clutter", "tiny", "cut", "low-light", "patterned", "crowd")


def hard(seed: int, *, size: tuple[int, int] | None = None, kind: str | None = None) -> Picture:
    """One scene (kind of HARD) on which masks are often bad."""
    rng = np.random.default_rng([seed, 606])
    width, height = size or (int(rng.integers(480, 900)), int(rng.integers(480, 900)))
    sketch = Sketch(width, height)
    kind = kind or str(rng.choice(HARD))
    reach = min(width, height)
    r = reach * (rng.uniform(0.015, 0.05) if kind == "tiny" else rng.uniform(0.18, 0.36))
    x, y = width * rng.uniform(0.35, 0.65), height * rng.uniform(0.35, 0.65)
    if kind == "cut":
        x, y = (width * rng.choice([0.02, 0.98]), y) if rng.random() < 0.5 else (x, height * rng.choice([0.02, 0.98]))
    turn = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    bent = wobble(rng, turn, 0.2)
    outline = np.stack([np.cos(turn), np.sin(turn)], 1) * (bent * r)[:, None] + [x, y]
    colour = product_colour(rng)
    grid_x, _ = sketch.grid()
    shade = shading(rng, (grid_x - np.float32(x)) / np.float32(r), "matte")
    tone = any_colour(rng)
    if kind == "camouflage":
        tone = np.clip(colour * shade.mean() + rng.normal(0, 4, 3), 0, 255).astype(np.float32)
    surface = backdrop(rng, width, height, str(rng.choice(["plain", "gradient", "texture", "wood"])), tone)
    texture = str(rng.choice(["none", "speckle", "clouds"]))
    if kind in {"clutter", "crowd"}:
        surface = _clutter(rng, surface, 70 if kind == "clutter" else 25, reach)
    if kind == "patterned":
        surface = _pattern(rng, surface, colour)
        texture = "clouds"
    sketch.add(sketch.polygon(outline), coat(rng, colour, shade, texture=texture))
    if kind == "low-light":
        picture = photograph(f"hard-{kind}-{seed}", sketch, surface, rng, noise=0)
        return _darken(picture, rng)
    return photograph(f"hard-{kind}-{seed}", sketch, surface, rng)


def _clutter(rng: Rng, image: Image, count: int, reach: int) -> Image:
    out = image.copy()
    height, width = out.shape[:2]
    for _ in range(count):
        centre = (int(rng.integers(0, width)), int(rng.integers(0, height)))
        axes = tuple(int(v) for v in rng.uniform(0.02, 0.16, 2) * reach)
        colour = tuple(float(v) for v in any_colour(rng))
        cv2.ellipse(out, centre, axes, float(rng.uniform(0, 180)), 0, 360, colour, -1, cv2.LINE_AA)
    return out


def _pattern(rng: Rng, image: Image, colour: NDArray[np.floating]) -> Image:
    height, width = image.shape[:2]
    spots = clouds(rng, width, height, cell=float(rng.uniform(20, 70)), octaves=2) > 0.4
    return np.where(spots[..., None], colour * np.float32(rng.uniform(0.7, 1.2)), image).clip(0, 255).astype(np.float32)


def _darken(picture: Picture, rng: Rng) -> Picture:
    dark = picture.rgb.astype(np.float32) * rng.uniform(0.03, 0.1)
    dark = dark + rng.standard_normal(dark.shape) * rng.uniform(5, 12)
    rgb = np.clip(np.round(dark), 0, 255).astype(np.uint8)
    return Picture(picture.name, rgb, picture.alpha, picture.foreground, picture.backdrop, picture.label, picture.holes)
