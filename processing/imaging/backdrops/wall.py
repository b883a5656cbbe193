"""The wall behind a table: one tone, lit by a soft lamp at the style's side, darker towards the corners."""

from __future__ import annotations

from math import radians, sin
from typing import TYPE_CHECKING, Any

import numpy as np

from processing.imaging.backdrops.scene import Scene, pool, smooth

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Field = NDArray[np.float32]


def side(scene: Scene) -> float:
    """-1 where the light comes from the left, 1 from the right, 0 from straight above."""
    return sin(radians(scene.style.light.direction))


def lamp(scene: Scene, *, ambient: float = 0.6, reach: float = 0.9, height: float = 0.25) -> Field:
    """(H, W): how much light falls on a wall, about 1 in the middle of the lamp's pool."""
    x = side(scene) * 0.42 + float(scene.random.uniform(-0.12, 0.12))
    y = scene.back * (height + float(scene.random.uniform(-0.1, 0.1)))
    reach *= float(scene.random.uniform(0.9, 1.15))
    falling = pool(scene.x, scene.y, (x, y), (reach, 0.9 * reach))
    return np.float32(ambient) + np.float32(1 - ambient) * falling


def wall(scene: Scene, tone: NDArray[Any], light: Field, *, warmth: float = 0.02) -> Field:
    """(H, W, 3) linear light. The bright part is a little warmer than the shade, as lamps and rooms are."""
    out = np.empty((*light.shape, 3), np.float32)
    middle = light - np.float32(light.mean())
    for channel, lean in enumerate((warmth, 0.0, -1.4 * warmth)):
        out[:, :, channel] = light * tone[channel] * (1 + np.float32(lean) * middle / np.float32(0.2))
    return out


def table_light(scene: Scene, u: Field, depth: Field, *, ambient: float = 0.62) -> Field:
    """Light on the surface: the lamp's pool on its side, and less where the table meets the wall."""
    at = side(scene) * 0.35 + float(scene.random.uniform(-0.1, 0.1))
    falling = np.exp(
        -(((u - np.float32(at)) / np.float32(1.25)) ** 2) - ((depth - np.float32(1.35)) / np.float32(1.6)) ** 2
    )
    return np.float32(ambient) + np.float32(1 - ambient) * falling


def shaded_edge(scene: Scene, out: Field, *, strength: float = 0.22, reach: float = 0.10) -> None:
    """The soft dark where wall and table see each other instead of the lamp, in place."""
    away = np.abs(scene.y - np.float32(scene.back)) / np.float32(reach)
    dark = np.float32(strength) * np.exp(-away) * (1 - smooth(away, 2.0, 5.0))
    out *= (1 - dark)[:, :, None]


def blur_by_row(scene: Scene, *, most: float, sharp_at: float) -> NDArray[np.float32]:
    """(H,) pixels of blur: `most` (scene units) on the wall, none at the row `sharp_at`, a little at the very front."""
    y = scene.y[:, 0]
    behind = np.clip((np.float32(sharp_at) - y) / np.float32(sharp_at - scene.back), 0, 1)
    front = np.clip((y - np.float32(sharp_at)) / np.float32(max(scene.bottom - sharp_at, 1e-3)), 0, 1)
    return np.asarray((most * behind**2 + 0.12 * most * front**2) * scene.unit, np.float32)
