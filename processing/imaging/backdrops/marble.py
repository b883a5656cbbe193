"""A polished marble top: soft clouds, veins that come and go, hairlines; in a dark colour, black marble."""

from __future__ import annotations

from math import cos, sin
from typing import TYPE_CHECKING

import numpy as np

from processing.imaging.backdrops.finish import defocus
from processing.imaging.backdrops.scene import Floor, Scene, smooth
from processing.imaging.backdrops.wall import blur_by_row, lamp, shaded_edge, table_light, wall

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Field = NDArray[np.float32]

_VEIN = np.array([0.20, 0.21, 0.225], np.float32)
_PALE = np.array([0.80, 0.76, 0.68], np.float32)


def light(scene: Scene) -> Field:
    """float32 (H, W, 3), linear."""
    tone = scene.tone()
    dark = float(tone.mean()) < 0.18
    behind = tone * np.float32(0.9) if not dark else tone * np.float32(1.6) + np.float32(0.012)
    out = wall(scene, behind, lamp(scene, ambient=0.55))
    floor = scene.floor()
    shade = table_light(scene, floor.u, floor.depth)
    clouds, veins = _stone(scene, floor)
    if dark:
        veins = np.float32(0.42) * veins ** np.float32(1.7)  # light on dark looks wider than dark on light
    ink = (_PALE if dark else _VEIN * (0.6 + 0.4 * tone / max(float(tone.max()), 1e-3))).astype(np.float32)
    top = out[scene.first :]
    base = shade * (1 - np.float32(0.07) * clouds)
    for channel in range(3):
        stone = tone[channel] * base
        mirrored = np.float32(0.10) * behind[channel]  # polish: the wall shows in it, the more the flatter the view
        grazing = smooth(floor.depth, 1.0, 3.2)
        top[:, :, channel] = stone + (ink[channel] * shade - stone) * veins + mirrored * grazing
    shaded_edge(scene, out, strength=0.16, reach=0.05)
    defocus(out, blur_by_row(scene, most=0.011, sharp_at=scene.back + 0.22))
    return out


def _stone(scene: Scene, floor: Floor) -> tuple[Field, Field]:
    """Clouds, about -1..1, and veins 0..1, over the floor's pixels."""
    noise, seen = scene.noise, floor.seen
    angle = float(scene.random.uniform(0.5, 0.9)) * (1 if scene.random.uniform() < 0.5 else -1)
    turn, over = np.float32(cos(angle)), np.float32(sin(angle))
    x, y = floor.u * turn + floor.v * over, floor.v * turn - floor.u * over
    # The bed was folded while it was soft: wide folds, then small ones.
    bend = noise.fractal(x, y, 1.3, 5, gain=0.5)
    sway = noise.fractal(x, y, 1.1, 4, gain=0.5)
    x, y = x + np.float32(0.13) * bend, y + np.float32(0.10) * sway
    clouds = noise.fractal(x * np.float32(0.55), y, 0.8, 5, gain=0.55, seen=seen)
    veins = np.zeros_like(clouds)
    for length, width, strength in ((1.15, 0.075, 0.75), (0.62, 0.05, 0.5), (0.34, 0.04, 0.2)):
        # Distance to the nearest of many wavy lines: unlike the zeros of a noise, they seldom close to rings.
        phase = y / np.float32(0.62 * length) + np.float32(0.27) * noise.wave(x * np.float32(0.6), y, 1.2 * length)
        phase += np.float32(0.045) * noise.wave(x, y, 0.4 * length) + np.float32(scene.random.uniform())
        lines = (phase - np.rint(phase)) * np.float32(2)
        there = smooth(noise.wave(x, y, 1.1 * length), -0.1, 1.7)
        thick = np.float32(width) * (np.float32(0.35) + there)
        blurred = np.sqrt(thick**2 + (np.float32(2.2 / length) * seen) ** 2)
        body = (thick / blurred) / (1 + (np.abs(lines) / blurred) ** np.float32(1.7)) * there
        veins = np.maximum(veins, np.float32(strength) * body)
        halo = np.exp(-((lines / np.float32(0.5)) ** 2)) * there
        clouds += np.float32(0.9 * strength) * halo
    return clouds, np.clip(veins, 0, 1)
