"""Morning sun through a window: its panes fall, soft-edged, across a plaster wall and on along the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from processing.imaging.backdrops.finish import defocus
from processing.imaging.backdrops.plaster import trowelled
from processing.imaging.backdrops.scene import FOCAL, Scene, smooth
from processing.imaging.backdrops.standing import ground_row
from processing.imaging.backdrops.wall import blur_by_row, shaded_edge

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Field = NDArray[np.float32]

_AWAY = 1.8  # scene units from the middle to the window, on the left
_SUN = np.array([1.0, 0.93, 0.80], np.float32)
_SKY = np.array([0.97, 0.98, 1.02], np.float32)


def light(scene: Scene) -> Field:
    """float32 (H, W, 3), linear."""
    tone = scene.tone()
    floor = scene.floor()
    far = floor.depth[0]
    stands = int(ground_row(scene.height, scene.unit, scene.style.horizon, None)) - scene.first
    before_wall = FOCAL * float(far[0] - floor.depth[min(stands, len(floor.depth) - 1), 0])
    window = _Window(scene, reaches=before_wall + 0.45, high=scene.bottom)
    sun = np.empty((scene.height, scene.width), np.float32)
    sky = np.empty_like(sun)
    relief, mottled = trowelled(scene, scene.x, scene.y, None)
    above = (np.float32(scene.back) - scene.y) * far
    sun[:] = window.falls(scene.x * far, above, np.float32(0)) * relief
    sky[:] = np.float32(0.40) + np.float32(0.12) * smooth(scene.x, 0.9, -0.9)
    rows = slice(scene.first, None)
    sun[rows] = window.falls(floor.u, np.float32(0), np.float32(FOCAL) * (far - floor.depth)) * np.float32(0.92)
    sky[rows] = np.float32(0.50) + np.float32(0.14) * smooth(floor.u, 1.4, -1.2)
    paint = 1 + np.float32(0.03) * mottled
    paint[rows] = 1 + np.float32(0.012) * scene.noise.fractal(floor.u, floor.v, 0.3, 4, seen=floor.seen)
    out = np.empty((*sun.shape, 3), np.float32)
    for channel in range(3):
        falling = np.float32(0.62) * _SUN[channel] * sun + _SKY[channel] * sky
        out[:, :, channel] = tone[channel] * paint * falling
    shaded_edge(scene, out, strength=0.16, reach=0.05)
    defocus(out, blur_by_row(scene, most=0.004, sharp_at=scene.back + 0.20))
    return out


class _Window:
    """A window in the left wall, and the sun behind it."""

    def __init__(self, scene: Scene, *, reaches: float, high: float) -> None:
        """`reaches`: how far from the wall the sun falls in the middle; `high`: the picture's height; scene units."""
        pick = scene.random.uniform
        self._noise = scene.noise
        self._toward = np.array([-0.75, pick(0.44, 0.56), pick(0.42, 0.54)], np.float32)  # the sun: left, up, here
        self._left = float(pick(0.55, 0.85))
        way = _AWAY / -float(self._toward[0])
        self._width = max(2.5, reaches + way * float(self._toward[2]) - self._left) * float(pick(1.0, 1.12))
        self._sill, self._height = float(pick(0.15, 0.35)), float(pick(1.9, 2.2)) * high
        self._panes = (max(3, round(self._width / 0.72)), int(pick(2.5, 4.5)))
        self._bar = 0.04
        self._leaves = scene.noise.mark()

    def falls(self, x: Any, height: Any, forward: Any) -> Field:
        """0..1: the sun on points at `x` (right), `height` over the table and `forward` of the wall."""
        way = (x + np.float32(_AWAY)) / -self._toward[0]
        up = (height + way * self._toward[1] - np.float32(self._sill)) / np.float32(self._height)
        over = (forward + way * self._toward[2] - np.float32(self._left)) / np.float32(self._width)
        soft = np.float32(0.016) * np.maximum(way, 0.3)  # the sun is a disc: the longer the way, the softer
        sun = self._opening(over, self._panes[0], soft / np.float32(self._width), self._bar / self._width)
        sun = sun * self._opening(up, self._panes[1], soft / np.float32(self._height), self._bar / self._height)
        self._noise.back_to(self._leaves)  # the same tree stands before the wall and the table
        leaves = smooth(self._noise.fractal(over, np.float32(0.8) * up, 0.55, 2, gain=0.4), 0.0, 2.2)
        return np.asarray(sun * (1 - np.float32(0.35) * leaves), np.float32)

    def _opening(self, place: Field, panes: int, soft: Field, bar: float) -> Field:
        def step(edge: Field) -> Field:
            share = np.clip(edge / (2 * soft) + np.float32(0.5), 0, 1)
            return np.asarray(share * share * (3 - 2 * share), np.float32)

        inside = step(place) * step(1 - place)
        for index in range(1, panes):
            away = np.abs(place - np.float32(index / panes)) - np.float32(bar / 2)
            # A bar thinner than the blur only dims.
            inside *= 1 - (1 - step(away)) * np.minimum(1, np.float32(bar) / (soft + np.float32(1e-6)))
        return inside
