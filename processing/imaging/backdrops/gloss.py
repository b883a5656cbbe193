"""A glossy sheet that mirrors the product, before a glow that fades into the dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from processing.imaging.backdrops.scene import Scene, smooth

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Field = NDArray[np.float32]


def light(scene: Scene) -> Field:
    """float32 (H, W, 3), linear."""
    tone = scene.tone()
    x = float(scene.random.uniform(-0.16, 0.10))
    y = scene.back * float(scene.random.uniform(0.55, 0.75))
    reach = float(scene.random.uniform(0.40, 0.52))
    glow = _glow(scene, scene.y, x, y, reach)
    # The sheet mirrors the wall about its back edge, drawn out towards the camera, weaker the steeper it is seen.
    below = np.maximum(scene.y - np.float32(scene.back), 0)
    mirrored = _glow(scene, np.float32(scene.back) - np.float32(1.15) * below, x, y, reach)
    steep = np.float32(0.62) * (1 - np.float32(0.75) * smooth(below, 0.0, scene.bottom - scene.back + 0.05))
    edge = smooth(scene.y, scene.back - 0.008, scene.back + 0.008)
    shade = glow * (1 - edge) + (np.float32(0.10) + mirrored * steep) * edge
    out = shade[:, :, None] * (tone * np.float32(7) + np.float32(0.012)) * np.float32(0.85)
    return np.asarray(out + tone * np.float32(0.10), np.float32)


def _glow(scene: Scene, y: Field, x_middle: float, y_middle: float, reach: float) -> Field:
    away = ((scene.x - np.float32(x_middle)) / np.float32(1.25)) ** 2 + (y - np.float32(y_middle)) ** 2
    return np.asarray(np.float32(0.06) + 1 / (1 + away / np.float32(reach**2)) ** np.float32(2.2), np.float32)
