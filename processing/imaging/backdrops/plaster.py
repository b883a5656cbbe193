"""Hand-trowelled lime plaster in one colour, wall and ledge, lit from the side so that its strokes show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from processing.imaging.backdrops.finish import defocus
from processing.imaging.backdrops.scene import Scene
from processing.imaging.backdrops.wall import blur_by_row, lamp, shaded_edge, side, table_light, wall

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Field = NDArray[np.float32]

_STEP = 0.004  # scene units between the two heights that make a slope


def light(scene: Scene) -> Field:
    """float32 (H, W, 3), linear."""
    tone = scene.tone()
    relief, mottled = trowelled(scene, scene.x, scene.y, None)
    out = wall(scene, tone, lamp(scene, ambient=0.45) * relief, warmth=0.03)
    out *= (1 + np.float32(0.045) * mottled)[:, :, None]
    floor = scene.floor()
    relief, mottled = trowelled(scene, floor.u, floor.v, floor.seen)
    glow = table_light(scene, floor.u, floor.depth, ambient=0.52) * (1 + np.float32(0.04) * mottled)
    glow *= np.float32(0.65) + np.float32(0.35) * relief
    out[scene.first :] = (np.float32(1.10) * glow)[:, :, None] * tone
    shaded_edge(scene, out, strength=0.30, reach=0.07)
    defocus(out, blur_by_row(scene, most=0.006, sharp_at=scene.back + 0.22))
    return out


def trowelled(scene: Scene, u: NDArray[Any], v: NDArray[Any], seen: Field | None) -> tuple[Field, Field]:
    """Light on the relief, about 1, and the uneven colour of the lime, about -1..1."""
    shift = np.float32(_STEP * side(scene))
    heights = []
    mark = scene.noise.mark()
    for moved in (-shift, shift):  # the same plaster twice, a step apart
        scene.noise.back_to(mark)
        heights.append(_height(scene, u + moved, v + moved * np.float32(0.5), seen))
    slope = (heights[1] - heights[0]) / np.float32(2 * _STEP)
    lime = scene.noise.fractal(u, v, 0.7, 6, gain=0.62, seen=seen)
    return 1 - np.float32(0.07) * np.tanh(np.float32(0.02) * slope), lime


def _height(scene: Scene, u: NDArray[Any], v: NDArray[Any], seen: Field | None) -> Field:
    noise = scene.noise
    bend = noise.wave(u, v, 0.7)
    strokes = noise.fractal(u + np.float32(0.06) * bend, v, 0.30, 3, gain=0.45, seen=seen)
    ridges = noise.fractal(u, v + np.float32(0.05) * bend, 0.13, 3, gain=0.5, seen=seen)
    # A trowel leaves flats with a rim, not waves.
    return np.asarray(strokes + np.float32(0.35) * np.abs(ridges), np.float32)
