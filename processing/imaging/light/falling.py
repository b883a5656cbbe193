"""Where the shadow of each part of a subject falls, for every point of an area light."""

from __future__ import annotations

from math import cos, pi, radians, sin, sqrt
from typing import TYPE_CHECKING

import numpy as np

from processing.imaging.light.light import Light

if TYPE_CHECKING:
    from numpy.typing import NDArray

SLANT = 0.36  # how much of a length on the ground towards the camera is seen
_POINTS = (20, 52)  # of a bare bulb, of the largest softbox
_LOWEST = 0.15  # sine of the elevation: no point of the light lies lower
_TURN = pi * (3 - sqrt(5))


def falls(light: Light) -> NDArray[np.float64]:
    """(n, 2): to the right and down the picture, of a part one pixel above the ground, by point of the light.

    The points lie on a sunflower's spiral over the lamp's disk, the same for every picture.
    """
    direction, elevation = radians(light.direction), radians(light.elevation)
    to_lamp = np.array([sin(direction) * cos(elevation), cos(direction) * cos(elevation), sin(elevation)])
    aside = np.array([cos(direction), -sin(direction), 0.0])
    above = np.array([-sin(direction) * sin(elevation), -cos(direction) * sin(elevation), cos(elevation)])
    radius = 0.02 + 0.24 * light.softness
    points = round(_POINTS[0] + (_POINTS[1] - _POINTS[0]) * light.softness)
    number = np.arange(points)
    away = radius * np.sqrt((number + 0.5) / points)
    rays = to_lamp + (away * np.cos(_TURN * number))[:, None] * aside + (away * np.sin(_TURN * number))[:, None] * above
    up = np.maximum(rays[:, 2], _LOWEST)
    return np.stack([-rays[:, 0] / up, SLANT * rays[:, 1] / up], axis=1)
