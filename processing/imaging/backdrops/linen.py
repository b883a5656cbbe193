"""Woven natural linen laid over a table: threads of uneven thickness, and a few soft creases."""

from __future__ import annotations

from math import pi
from typing import TYPE_CHECKING

import numpy as np

from processing.imaging.backdrops.finish import defocus
from processing.imaging.backdrops.scene import Floor, Scene, smooth
from processing.imaging.backdrops.wall import blur_by_row, lamp, shaded_edge, side, table_light, wall

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Field = NDArray[np.float32]

_THREAD = 0.0068  # scene units from thread to thread
_STEP = 0.01


def light(scene: Scene) -> Field:
    """float32 (H, W, 3), linear."""
    tone = scene.tone()
    out = wall(scene, tone * np.float32(0.95), lamp(scene, ambient=0.5))
    floor = scene.floor()
    glow = table_light(scene, floor.u, floor.depth, ambient=0.55) * _creases(scene, floor) * _weave(scene, floor)
    out[scene.first :] = (np.float32(1.06) * glow)[:, :, None] * tone
    shaded_edge(scene, out, strength=0.26, reach=0.05)
    defocus(out, blur_by_row(scene, most=0.010, sharp_at=scene.back + 0.22))
    return out


def _weave(scene: Scene, floor: Floor) -> Field:
    """Light on the cloth, about 1: plain weave, one thread over and one under."""
    noise, seen = scene.noise, floor.seen
    u = floor.u + np.float32(0.0011) * noise.along(floor.u, floor.v, 0.10)
    v = floor.v + np.float32(0.0016) * noise.along(floor.u, floor.v, 0.12)
    warp, weft = u * np.float32(pi / _THREAD), v * np.float32(pi / _THREAD)
    across, along = np.sin(warp), np.sin(weft)
    above = np.float32(0.5) + np.float32(0.5) * np.tanh(np.float32(2.5) * across * along)
    round_ = above * np.abs(across) + (1 - above) * np.abs(along)
    fade = np.exp(-((np.float32(1.1) * seen / np.float32(_THREAD)) ** 2))
    threads = (round_ - np.float32(0.72)) * fade
    slubs = noise.along(u, v * np.float32(0.03), 2.6 * _THREAD, seen=seen) * np.float32(0.9) + noise.along(
        v, u * np.float32(0.03), 2.6 * _THREAD, seen=np.float32(1.5) * seen
    )
    long = noise.along(u, v * np.float32(0.02), 0.03, seen=seen) + noise.along(v, u * np.float32(0.02), 0.03, seen=seen)
    return np.asarray(1 + np.float32(0.34) * threads + np.float32(0.030) * slubs + np.float32(0.014) * long, np.float32)


def _creases(scene: Scene, floor: Floor) -> Field:
    """Light on the lie of the cloth, about 1."""
    mark = scene.noise.mark()
    heights = []
    for moved in (-_STEP, _STEP):
        scene.noise.back_to(mark)
        u = floor.u + np.float32(moved * side(scene))
        v = floor.v + np.float32(0.5 * moved)
        noise = scene.noise
        bend = noise.wave(u, v, 0.9)
        wide = noise.wave(u, v, 0.7)
        fold = noise.along(
            u * np.float32(0.9) + v * np.float32(0.45) + np.float32(0.06) * bend, v * np.float32(0.35), 0.42
        )
        heights.append(wide + np.float32(0.9) * np.log1p(np.exp(np.float32(2.5) * fold)))
    slope = (heights[1] - heights[0]) / np.float32(2 * _STEP)
    return np.asarray(
        1 + np.float32(0.11) * np.tanh(np.float32(-0.045) * slope) * smooth(floor.depth, 4.0, 1.2), np.float32
    )
