"""The reflection of a subject on a glossy table."""

from __future__ import annotations

from math import ceil, sqrt
from typing import TYPE_CHECKING

import cv2
import numpy as np

from processing.imaging.cutout import Cutout, premultiply, straighten
from processing.imaging.ground import ground_line, lowest_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from processing.imaging.arrays import Box
    from processing.imaging.placement import Size


STRENGTH = 0.34  # of what stands on the table, as a studio's acrylic sheet mirrors it


def reflection(subject: Cutout, box: Box, canvas: Size, strength: float = STRENGTH) -> Cutout:
    """What a glossy table mirrors, column by column at the ground line; gone before the canvas ends.

    `strength`: its alpha at the line, 0..1.
    """
    lowest = lowest_rows(subject.alpha > 127)
    ground = ground_line(lowest)
    raised = ground.max() - ground
    limit = min(0.12 * box[2], 0.06 * sqrt(box[2] * box[3]))  # a base's curve is followed, the side of a ball is not
    line = ground.max() - limit * np.tanh(raised / limit)
    first = int(line.min())  # row of the subject at which the layer begins
    top = subject.y + first
    depth = max(1.0, min(0.32 * box[3], canvas[1] - subject.y - line.max() - 1))
    height = max(1, min(ceil(limit + depth), canvas[1] - top))
    rows = np.arange(first, first + height, dtype=np.float32)[:, None]
    base = max(0, first - height)  # nothing above this row is mirrored
    mirrored = (2 * line[None, :] + 1 - rows - base).astype(np.float32)
    columns = np.broadcast_to(np.arange(len(line), dtype=np.float32), mirrored.shape)
    maps = np.ascontiguousarray(columns), mirrored
    alpha = _remapped(subject.alpha[base:], *maps)
    rgb = straighten(_remapped(premultiply(subject.rgb[base:], subject.alpha[base:]), *maps), alpha)
    below = (rows - line[None, :]).astype(np.float32)
    fading = np.clip(1 - below / depth, 0, 1) ** 1.6 * np.clip(below + 0.5, 0, 1)
    return Cutout(subject.x, top, rgb, (alpha * (strength * fading)).round().astype(np.uint8))


def _remapped(image: NDArray[np.uint8], x: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.asarray(cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT), np.uint8)
