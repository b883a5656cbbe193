"""Makes a built-in backdrop at a size: the same style, size, seed and colour are the same bytes."""

from __future__ import annotations

from importlib import import_module
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from processing.imaging.backdrops.finish import developed
from processing.imaging.backdrops.noise import Noise
from processing.imaging.backdrops.scene import Scene
from processing.imaging.backdrops.styles import STYLES

if TYPE_CHECKING:
    from processing.imaging.arrays import RGB
    from processing.imaging.colors import Color

_MOST_PIXELS = 5_000_000  # calculated; a larger canvas is enlarged before grain and rounding, which are its own
_GRAIN = 0.9


def paint(style: str, width: int, height: int, seed: int, color: Color | None = None) -> RGB:
    """uint8 (height, width, 3), sRGB. `seed`: 0 to 2**32 - 1. Raises KeyError for an unknown style."""
    chosen = STYLES[style]
    scale = min(1.0, sqrt(_MOST_PIXELS / (width * height)))
    scene = Scene(
        width=max(1, round(width * scale)),
        height=max(1, round(height * scale)),
        style=chosen,
        color=color or chosen.color,
        random=_generator(seed, 0),
        noise=Noise(_generator(seed, 1)),
    )
    light = import_module(f"{__package__}.{style}").light(scene)
    return developed(light, (width, height), _generator(seed, 2), grain=_GRAIN)


def _generator(seed: int, part: int) -> np.random.Generator:
    """One for the set-up, the texture and the grain each: one more choice in a style does not move the others."""
    return np.random.Generator(np.random.PCG64([seed, part]))
