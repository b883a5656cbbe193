"""The studio a backdrop is set up in: a surface seen at a slant, a wall behind it, and where a pixel looks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from processing.imaging.backdrops.noise import Noise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from processing.imaging.backdrops.styles import Style
    from processing.imaging.colors import Color

    Field = NDArray[np.float32]

FOCAL = 2.0  # a portrait lens: the picture's shorter side seen from twice its length


@dataclass(frozen=True)
class Scene:
    """One picture to be made, in scene units: 1 is the shorter side of the canvas.

    `width`, `height`: pixels it is made at. `style`: horizon and light. `color`: what was wished for, or the style's.
    """

    width: int
    height: int
    style: Style
    color: Color
    random: np.random.Generator
    noise: Noise

    @property
    def unit(self) -> int:
        return min(self.width, self.height)

    @cached_property
    def x(self) -> Field:
        """(1, width): 0 in the middle."""
        place = np.arange(self.width, dtype=np.float32) + np.float32(0.5 - self.width / 2)
        return np.asarray(place[None, :] / np.float32(self.unit), np.float32)

    @cached_property
    def y(self) -> Field:
        """(height, 1): 0 at the top."""
        place = np.arange(self.height, dtype=np.float32) + np.float32(0.5)
        return np.asarray(place[:, None] / np.float32(self.unit), np.float32)

    @property
    def bottom(self) -> float:
        return self.height / self.unit

    @property
    def back(self) -> float:
        """The height at which the surface meets the wall."""
        return self.style.horizon * self.bottom

    @property
    def first(self) -> int:
        """The first row of the surface."""
        return min(round(self.back * self.unit), self.height - 1)

    def floor(self, *, first: int | None = None, vanishing: float = 0.30) -> Floor:
        """The surface from its back edge, or from another row, down."""
        top = self.first if first is None else first
        eye = self.back - vanishing
        near = self.bottom - eye
        depth = np.float32(near) / (self.y[top:] - np.float32(eye))
        return Floor(
            u=self.x * depth,
            v=-np.float32(FOCAL) * depth,
            depth=depth,
            seen=(depth * np.sqrt(np.float32(FOCAL / near) * depth) / np.float32(self.unit)),
        )

    def tone(self, *, lightness: float = 1.0) -> NDArray[Any]:
        """The colour in linear light, float32 (3,)."""
        return linear(self.color) * np.float32(lightness)


@dataclass(frozen=True)
class Floor:
    """Where the rows of a level surface look. `u` (rows, width): to the right; `v` (rows, 1): towards the camera.

    `depth` (rows, 1): 1 at the bottom of the picture. `seen` (rows, 1): scene units to a pixel, both ways meant.
    """

    u: Field
    v: Field
    depth: Field
    seen: Field


def linear(color: tuple[int, int, int]) -> Field:
    """sRGB 0..255 in linear light 0..1, float32 (3,)."""
    share = np.array(color, np.float64) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4).astype(np.float32)


def smooth(value: NDArray[Any], start: float, end: float) -> Field:
    """0 at `start`, 1 at `end`, without a corner at either; `end` may be the smaller."""
    share = np.clip((value - np.float32(start)) / np.float32(end - start), 0, 1)
    return np.asarray(share * share * (3 - 2 * share), np.float32)


def pool(x: NDArray[Any], y: NDArray[Any], centre: tuple[float, float], reach: tuple[float, float]) -> Field:
    """The light of a soft lamp: 1 in its middle, falling off as a bell of that reach."""
    return np.asarray(
        np.exp(-(((x - np.float32(centre[0])) / np.float32(reach[0])) ** 2))
        * np.exp(-(((y - np.float32(centre[1])) / np.float32(reach[1])) ** 2)),
        np.float32,
    )
