"""Shadows as a studio's light leaves them, from the subject's alpha alone.

All of them stand on the ground line, the lowest row of the subject. They are soft, so they are made small and
enlarged. Black with alpha: they can only darken a background, and they survive on a transparent one.
"""

from __future__ import annotations

from math import ceil, sqrt
from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np

from processing.imaging.contact import contact as contact_shadow
from processing.imaging.cutout import Cutout
from processing.imaging.reflection import reflection
from processing.imaging.shadow_layer import blur, silhouette_in, soft_layer

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from processing.imaging.arrays import Box
    from processing.imaging.placement import Size

    Field = NDArray[np.float32]

Kind = Literal["none", "contact", "drop", "reflection"]

_WORKING_SIZE = 320.0  # what the subject measures where the shadow is made: square root of its box, in pixels


def cast(kind: Kind, subject: Cutout, canvas: Size) -> list[Cutout]:
    """The layers of a shadow, in the order in which they lie beneath the subject, inside the canvas."""
    x, y, width, height = cv2.boundingRect(cv2.inRange(subject.alpha, 128, 255))
    if kind == "none" or not width:
        return []
    box = (subject.x + x, subject.y + y, width, height)
    if kind == "contact":
        return [_soft(subject, box, canvas, drop=0.0, contact=1.0)]
    if kind == "drop":
        return [_soft(subject, box, canvas, drop=1.0, contact=0.8)]
    return [reflection(subject, box, canvas), _soft(subject, box, canvas, drop=0.0, contact=0.6)]


def _soft(subject: Cutout, box: Box, canvas: Size, *, drop: float, contact: float) -> Cutout:
    """A black layer of the two soft shadows, each with its strength 0..1."""
    size = sqrt(box[2] * box[3])
    around = ceil(0.4 * size)
    left, top = box[0] - around, box[1] - around
    lean = min(max((canvas[0] - box[0] - box[2]) / box[3], _LEAN[0]), _LEAN[1])  # into the room there is
    width = box[2] + 2 * around + (ceil(lean * box[3]) if drop else 0)
    height = box[3] + 2 * around
    working = min(1.0, _WORKING_SIZE / size)

    region = left, top, width, height
    silhouette = silhouette_in(region, subject, box, working)
    darkness = np.float32(contact) * contact_shadow(silhouette, size * working)
    if drop:
        darkness = 1 - (1 - darkness) * (1 - np.float32(drop) * _drop(silhouette, size * working, lean))
    return soft_layer(darkness, region, box, canvas)


_LEAN = (0.16, 0.38)  # of a point's height: how far to the right its shadow falls, at least and at most
_SLANT = 0.2  # of a point's height: how far up the picture, because the ground is seen at a slant


def _drop(silhouette: Field, size: float, lean: float) -> Field:
    """The silhouette laid on the ground by a light from the upper left: softer and lighter with its height."""
    rows = np.flatnonzero((silhouette > 0.5).any(axis=1))
    ground, tallest = float(rows[-1]), float(rows[-1] - rows[0] + 1)
    laid = np.array([[1, -lean, lean * ground], [0, _SLANT, ground * (1 - _SLANT)]])
    shape = silhouette.shape[1], silhouette.shape[0]
    fallen = np.asarray(cv2.warpAffine(silhouette, laid, shape, flags=cv2.INTER_LINEAR), np.float32)
    height = (ground - np.arange(shape[1], dtype=np.float32)[:, None]) / (_SLANT * tallest)
    height = np.clip(height, 0, 1)
    near, far = blur(fallen, 0.014 * size, 0.008 * size), blur(fallen, 0.07 * size, 0.035 * size)
    darkness: Field = np.float32(0.45) * (1 - height) ** np.float32(1.3) * (near + (far - near) * np.sqrt(height))
    return darkness
