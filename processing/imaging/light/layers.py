"""The shadow of a subject in a given light, as layers that lie beneath it."""

from __future__ import annotations

from dataclasses import replace
from math import ceil, floor, sqrt
from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np

from processing.imaging.contact import contact
from processing.imaging.cutout import Cutout
from processing.imaging.light.area_shadow import area_shadow
from processing.imaging.light.falling import falls
from processing.imaging.light.light import Light
from processing.imaging.reflection import STRENGTH, reflection
from processing.imaging.shadow_layer import silhouette_in, soft_layer

if TYPE_CHECKING:
    from processing.imaging.arrays import Box
    from processing.imaging.placement import Size

Kind = Literal["none", "contact", "drop", "cast", "reflection"]

_WORKING_SIZE = 200.0  # what the subject measures where the shadow is made: square root of its box, in pixels
_USUAL = Light().opacity


def shadow_layers(kind: Kind, subject: Cutout, canvas: Size, light: Light) -> list[Cutout]:
    """The layers in the order in which they lie beneath the subject, inside the canvas (width, height).

    contact: where it stands. drop: a short soft shadow away from the light. cast: as long as the light is low.
    reflection: a glossy table. `light.opacity` scales all of them.
    """
    x, y, width, height = cv2.boundingRect(cv2.inRange(subject.alpha, 128, 255))
    if kind == "none" or not width or not light.opacity:
        return []
    box = (subject.x + x, subject.y + y, width, height)
    if kind == "contact":
        return [_on_ground(subject, box, canvas, light, falling=False, touching=min(1.0, light.opacity / _USUAL))]
    if kind == "drop":
        high = replace(light, elevation=max(light.elevation, 68.0), softness=0.35 + 0.65 * light.softness)
        return [_on_ground(subject, box, canvas, high, falling=True, touching=light.opacity)]
    if kind == "cast":
        return [_on_ground(subject, box, canvas, light, falling=True, touching=light.opacity)]
    strength = min(0.9, STRENGTH * light.opacity / _USUAL)
    return [
        reflection(subject, box, canvas, strength),
        _on_ground(subject, box, canvas, light, falling=False, touching=light.opacity),
    ]


def _on_ground(subject: Cutout, box: Box, canvas: Size, light: Light, *, falling: bool, touching: float) -> Cutout:
    size = sqrt(box[2] * box[3])
    region = _region(box, canvas, light, falling, ceil(0.3 * size))
    working = min(1.0, _WORKING_SIZE / size)
    silhouette = silhouette_in(region, subject, box, working)
    light_left = 1 - np.float32(touching) * contact(silhouette, size * working)
    if falling:
        light_left *= 1 - np.float32(light.opacity) * area_shadow(silhouette, size * working, light)
    return soft_layer(1 - light_left, region, box, canvas)


def _region(box: Box, canvas: Size, light: Light, falling: bool, around: int) -> Box:
    """Where the shadow may fall: x, y, width, height; `around` pixels beyond the canvas at most."""
    reach = falls(light) * box[3] if falling else np.zeros((1, 2))
    right, down = (max(0.0, float(reach[:, axis].max())) for axis in (0, 1))
    left, up = (min(0.0, float(reach[:, axis].min())) for axis in (0, 1))
    ground = box[1] + box[3]
    x_from = max(box[0] - around + floor(left), min(box[0], 0) - around)
    x_to = min(box[0] + box[2] + around + ceil(right), max(box[0] + box[2], canvas[0]) + around)
    y_from = max(min(box[1] - around, ground + floor(up) - around), min(box[1], 0) - around)
    y_to = min(ground + around + ceil(down), max(ground, canvas[1]) + around)
    return x_from, y_from, x_to - x_from, y_to - y_from
