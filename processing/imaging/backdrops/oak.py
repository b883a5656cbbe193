"""Boards of oak that run into the depth: grain, cathedrals, pores, and a board's own tone and joint."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from processing.imaging.backdrops.finish import defocus
from processing.imaging.backdrops.scene import Floor, Scene, linear, smooth
from processing.imaging.backdrops.wall import blur_by_row, lamp, shaded_edge, table_light, wall

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Field = NDArray[np.float32]

_WALL = (206, 200, 192)
_BOARDS = 64  # in each direction from the middle, more than a picture shows


def light(scene: Scene) -> Field:
    """float32 (H, W, 3), linear."""
    out = wall(scene, linear(_WALL) * np.float32(0.92), lamp(scene, ambient=0.5))
    floor = scene.floor()
    tone = scene.tone()
    deep = tone ** np.float32(1.55) * np.float32(0.75)  # late wood and pores: darker and redder
    deep *= np.array([1.12, 0.96, 0.84], np.float32)
    dark, shade, joint = _boards(scene, floor)
    glow = table_light(scene, floor.u, floor.depth, ambient=0.55)
    sheen = np.float32(0.05) * smooth(floor.depth, 1.1, 3.0)
    top = out[scene.first :]
    for channel in range(3):
        wood = tone[channel] + (deep[channel] - tone[channel]) * dark
        top[:, :, channel] = wood * shade * glow * joint + sheen * glow
    shaded_edge(scene, out, strength=0.25, reach=0.05)
    defocus(out, blur_by_row(scene, most=0.012, sharp_at=scene.back + 0.22))
    return out


def _boards(scene: Scene, floor: Floor) -> tuple[Field, Field, Field]:
    """How dark the grain is (0..1), each board's own lightness, and the joints between boards (1 is none)."""
    noise, seen = scene.noise, floor.seen
    width = float(scene.random.uniform(0.27, 0.33))
    place = floor.u / np.float32(width) + np.float32(scene.random.uniform())
    board = np.floor(place)
    inside = place - board
    pick = board.astype(np.int32) + _BOARDS
    own = scene.random.uniform(-1, 1, (4, 2 * _BOARDS + 1)).astype(np.float32)
    np.clip(pick, 0, 2 * _BOARDS, out=pick)
    # Every board is cut from another place of a trunk.
    u = floor.u + np.float32(40) * own[0][pick]
    v = floor.v + np.float32(40) * own[1][pick]
    slow = noise.along(u, v * np.float32(0.07), 0.22) + np.float32(0.25) * noise.along(u, v * np.float32(0.09), 0.06)
    spacing = np.float32(0.017) * (1 + np.float32(0.35) * own[3][pick])
    rings = u / spacing + np.float32(2.6) * slow
    step = rings - np.floor(rings)  # early wood turns into late wood slowly, and back at once
    fade = np.exp(-((np.float32(0.9) * seen / spacing) ** 2))
    late = (smooth(step, 0.0, 0.85) * (1 - smooth(step, 0.85, 1.0)) - np.float32(0.42)) * fade + np.float32(0.42)
    late *= np.float32(0.75) + np.float32(0.25) * noise.along(u, v * np.float32(0.1), 0.2)
    fibre = noise.fractal(u, v * np.float32(0.018), 0.012, 3, gain=0.8, seen=seen, turned=False)
    pores = smooth(noise.along(u, v * np.float32(0.045), 0.0042, seen=seen * np.float32(0.6)), 0.7, 2.0)
    broad = noise.along(u, v * np.float32(0.25), 0.5)
    dark = np.float32(0.36) * late + np.float32(0.085) * fibre + np.float32(0.42) * pores + np.float32(0.05) * broad
    shade = 1 + np.float32(0.13) * own[2][pick] + np.float32(0.03) * broad
    edge = np.minimum(inside, 1 - inside) * np.float32(width)
    gap = np.sqrt(np.float32(0.0016) ** 2 + (np.float32(0.5) * seen) ** 2)
    joint = 1 - np.float32(0.72) * np.float32(0.0016) / gap * np.exp(-((edge / (np.float32(1.4) * gap)) ** 2))
    joint *= 1 - np.float32(0.10) * np.exp(-edge / np.float32(0.012))
    return np.clip(dark, 0, 1), shade, joint
