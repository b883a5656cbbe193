"""A paper roll that runs from the wall onto the table in one curve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from processing.imaging.backdrops.scene import Scene, smooth
from processing.imaging.backdrops.wall import lamp, side, wall

if TYPE_CHECKING:
    from numpy.typing import NDArray


def light(scene: Scene) -> NDArray[np.float32]:
    """float32 (H, W, 3), linear."""
    glow = lamp(scene, ambient=0.70, reach=1.0, height=0.55)
    # The curve turns from the wall's angle to the table's: it sees less of the softbox just where it bends.
    bend = scene.back - 0.02
    wide = float(scene.random.uniform(0.14, 0.20))
    turned = smooth(scene.y, bend - wide, bend + 1.1 * wide)
    dip = np.exp(-(((scene.y - np.float32(bend)) / np.float32(0.75 * wide)) ** 2))
    table = np.float32(float(scene.random.uniform(1.10, 1.16)))
    shade = 1 + (table - 1) * turned - np.float32(0.055) * dip
    across = 1 - np.float32(0.05) * np.float32(side(scene)) * -scene.x * turned
    front = 1 - np.float32(0.10) * smooth(scene.y, scene.back + 0.22, scene.bottom + 0.12)
    return wall(scene, scene.tone(lightness=0.98), glow * shade * across * front, warmth=0.008)
