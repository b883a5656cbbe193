"""A coloured wall with a pool of light behind the product and darker corners."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from processing.imaging.backdrops.scene import Scene, smooth
from processing.imaging.backdrops.wall import wall

if TYPE_CHECKING:
    from numpy.typing import NDArray


def light(scene: Scene) -> NDArray[np.float32]:
    """float32 (H, W, 3), linear."""
    x = float(scene.random.uniform(-0.16, 0.06))
    y = scene.back * float(scene.random.uniform(0.55, 0.72))
    reach = float(scene.random.uniform(0.50, 0.62))
    away = np.hypot((scene.x - np.float32(x)), np.float32(0.92) * (scene.y - np.float32(y)))
    spot = 1 / (1 + (away / np.float32(reach)) ** 2) ** np.float32(1.5)
    turned = smooth(scene.y, scene.back - 0.12, scene.back + 0.14)
    floor = np.exp(-(((scene.x - np.float32(0.4 * x)) / np.float32(0.75)) ** 2)) * (
        1 - np.float32(0.55) * smooth(scene.y, scene.back + 0.1, scene.bottom + 0.1)
    )
    glow = (
        np.float32(0.18) + np.float32(1.25) * spot * (1 - np.float32(0.45) * turned) + np.float32(0.42) * turned * floor
    )
    tone = scene.tone()
    out = wall(scene, tone, glow, warmth=0.0)
    # The hot spot pales towards the lamp's white, as it does on film.
    out += (np.float32(0.10) * spot**3)[:, :, None] * (1 - tone)
    return out
