"""Cast concrete, table and wall alike: clouds of the mix, fine sand, a few pores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from processing.imaging.backdrops.finish import defocus
from processing.imaging.backdrops.scene import Scene, smooth
from processing.imaging.backdrops.wall import blur_by_row, lamp, shaded_edge, table_light, wall

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Field = NDArray[np.float32]


def light(scene: Scene) -> Field:
    """float32 (H, W, 3), linear."""
    tone = scene.tone()
    out = wall(scene, tone * np.float32(0.92), lamp(scene, ambient=0.42))
    out *= (1 + np.float32(0.035) * _cast(scene, scene.x, scene.y, None, fine=False))[:, :, None]
    floor = scene.floor()
    cast = _cast(scene, floor.u, floor.v, floor.seen, fine=True)
    pores = smooth(scene.noise.wave(floor.u, floor.v, 0.021, seen=floor.seen), 2.35, 2.9)
    rim = smooth(scene.noise.wave(floor.u, floor.v, 0.05, seen=floor.seen), 2.4, 3.0)
    glow = table_light(scene, floor.u, floor.depth, ambient=0.5) * np.float32(1.08)
    glow *= (1 + np.float32(0.055) * cast) * (1 - np.float32(0.45) * np.maximum(pores, rim))
    out[scene.first :] = glow[:, :, None] * tone
    shaded_edge(scene, out, strength=0.30, reach=0.06)
    defocus(out, blur_by_row(scene, most=0.007, sharp_at=scene.back + 0.22))
    return out


def _cast(scene: Scene, u: NDArray[Any], v: NDArray[Any], seen: Field | None, *, fine: bool) -> Field:
    """About -2..2: how light the concrete came out of its form."""
    noise = scene.noise
    clouds = noise.fractal(u, v, 0.62, 8, gain=0.66, seen=seen)
    if not fine:
        return clouds
    stains = smooth(noise.fractal(u, v, 0.42, 6, gain=0.68, seen=seen), 0.8, 2.4)
    sand = noise.wave(u, v, 0.0075, seen=seen) + np.float32(0.9) * noise.wave(u, v, 0.004, seen=seen)
    return np.asarray(np.float32(0.8) * clouds - np.float32(0.7) * stains + np.float32(0.5) * sand, np.float32)
