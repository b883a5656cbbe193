"""Background, shadow and relit subject become one image: the finished one, and its preview at the size of a proxy."""

from __future__ import annotations

import cv2
import numpy as np

from processing.imaging.arrays import RGB, Alpha
from processing.imaging.compose import Composed
from processing.imaging.cutout import Cutout, cut_out
from processing.imaging.light.layers import Kind, shadow_layers
from processing.imaging.light.light import Light
from processing.imaging.light.relight import Look, relight
from processing.imaging.over import over
from processing.imaging.placement import Placement


def lit_scene(
    foreground: RGB, alpha: Alpha, placement: Placement, background: RGB | None, kind: Kind, light: Light, look: Look
) -> Composed:
    """The canvas; arguments as of compose.compose.

    Nothing but these arguments is read: with foreground and alpha of a proxy (longest side 1024) and a placement for
    it, the same call is the preview.
    """
    placed = cut_out(foreground, alpha, placement)
    subject = Cutout(placed.x, placed.y, relight(placed.rgb, placed.alpha, light, look), placed.alpha)
    width, height = placement.canvas_width, placement.canvas_height
    opacity = None if background is not None else np.zeros((height, width), np.uint8)
    canvas = np.zeros((height, width, 3), np.uint8) if background is None else background
    for layer in (*shadow_layers(kind, subject, (width, height), light), subject):
        over(layer, canvas, opacity)
    covered = cv2.sumElems(subject.alpha)[0] / 255
    return Composed(canvas, opacity, placement.subject_box, covered / (width * height))
