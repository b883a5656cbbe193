"""The shadow that an area light casts on the ground: sharp where the subject stands, softer with distance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from processing.imaging.light.falling import falls
from processing.imaging.light.solid import Solid, solid_of
from processing.imaging.shadow_layer import blur

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from processing.imaging.light.light import Light

    Field = NDArray[np.float32]

_THINNEST = 0.03  # of its height: a slice whose shadow is a line has no inverse
_LIFT = 0.14  # of the seen height of a lying thing: how thick it is
_FILL = 0.4  # of the light's loss that walls give back to where the highest part's shadow falls


def area_shadow(silhouette: Field, size: float, light: Light) -> Field:
    """Darkness 0..1 as float32 (H, W): the share of the lamp that a point of the ground does not see.

    `silhouette`: float32 (H, W) 0..1, with room for the shadow around it. `size`: square root of the subject's box.
    """
    solid = solid_of(silhouette)
    high = np.clip((solid.middle - np.arange(silhouette.shape[0])) / solid.tallest, 0, 1)[:, None]
    weight = 1 - _FILL * high * (1 - solid.flat)
    if solid.flat < 0.5:
        weight = weight * (np.arange(silhouette.shape[0])[:, None] <= solid.middle + 1)  # nothing is below the ground
    slices = [(nearer, (cut * weight).astype(np.uint8)) for nearer, cut in solid.slices(silhouette)]
    shape = silhouette.shape[1], silhouette.shape[0]
    total = np.zeros(silhouette.shape, np.float32)
    hidden = np.empty(silhouette.shape, np.uint8)
    directions = falls(light)
    between = np.ones((2 * int(0.35 * solid.depth) + 1, 1), np.uint8)  # slices stand apart: the solid fills it
    for right, down in directions:
        hidden[:] = 0
        for nearer, cut in slices:
            np.maximum(hidden, cv2.warpAffine(cut, _laid(solid, right, down, nearer), shape), out=hidden)
        cv2.accumulate(cv2.morphologyEx(hidden, cv2.MORPH_CLOSE, between), total)
    darkness = total / np.float32(255 * len(directions))
    # Light from one side lays each slice into a line: what lies between them must not show as steps.
    lines = max(0.0, 1 - float(np.abs(directions[:, 1]).mean()) / 0.3)
    down = max((0.005 + 0.008 * light.softness) * size, 0.3 * solid.depth * lines)
    across = (0.008 + 0.012 * light.softness + 0.008 * lines) * size
    return blur(darkness, across, down)


def _laid(solid: Solid, right: float, down: float, nearer: float) -> NDArray[np.float64]:
    """The affine map from the picture of an upright slice to its shadow on the ground."""

    thinnest = max(_THINNEST, 0.5 * solid.depth / solid.tallest)  # as deep as slices stand apart
    if abs(down) < thinnest:
        down = thinnest if down >= 0 else -thinnest
    stands = 1 - solid.flat
    lift = solid.flat * _LIFT * solid.tallest + stands * solid.middle  # height = lift − stands · row
    return np.array(
        [
            [1, -right * stands, right * lift],
            [0, 1 - (1 + down) * stands, (1 + down) * lift - solid.flat * _LIFT * solid.tallest + nearer],
        ]
    )
