"""Background, shadow and subject become one image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from processing.imaging.cutout import Cutout, cut_out
from processing.imaging.over import over
from processing.imaging.placement import Placement
from processing.imaging.shadow import Kind, cast

if TYPE_CHECKING:
    from processing.imaging.arrays import RGB, Alpha, Box


@dataclass(frozen=True, slots=True)
class Composed:
    """The canvas. `alpha` is None where it is opaque. `box`: the subject in canvas pixels, without its shadow.

    `coverage`: share of the canvas that the subject's alpha covers, 0..1.
    """

    rgb: RGB
    alpha: Alpha | None
    box: Box
    coverage: float


def compose(
    foreground: RGB, alpha: Alpha, placement: Placement, background: RGB | None, shadow: Kind = "none"
) -> Composed:
    """Puts the subject on the canvas, its shadow beneath it.

    `foreground`: uint8 (H, W, 3) straight colours. `alpha`: uint8 (H, W). `background`: uint8 of the canvas's
    size, written into; None makes a transparent canvas.
    """
    subject = cut_out(foreground, alpha, placement)
    height, width = placement.canvas_height, placement.canvas_width
    opacity = None if background is not None else np.zeros((height, width), np.uint8)
    canvas = np.zeros((height, width, 3), np.uint8) if background is None else background
    shadows = cast(shadow, subject, (width, height))
    if opacity is not None and not shadows:
        _alone(subject, canvas, opacity)
    else:
        for layer in (*shadows, subject):
            over(layer, canvas, opacity)
    return Composed(canvas, opacity, placement.subject_box, _coverage(subject, placement))


def _alone(subject: Cutout, canvas: RGB, opacity: Alpha) -> None:
    """What `over` makes of the first layer of a canvas on which there is nothing: nothing is mixed."""
    height, width = subject.alpha.shape
    place = slice(subject.y, subject.y + height), slice(subject.x, subject.x + width)
    cv2.copyTo(subject.rgb, subject.alpha, canvas[place])
    opacity[place] = subject.alpha


def compose_mask(foreground: RGB, alpha: Alpha, placement: Placement) -> tuple[Alpha, float]:
    """The subject's alpha in its place, uint8 of the canvas's size, and its coverage 0..1."""
    subject = cut_out(foreground, alpha, placement)
    mask = np.zeros((placement.canvas_height, placement.canvas_width), np.uint8)
    height, width = subject.alpha.shape
    mask[subject.y : subject.y + height, subject.x : subject.x + width] = subject.alpha
    return mask, _coverage(subject, placement)


def _coverage(subject: Cutout, placement: Placement) -> float:
    covered = cv2.sumElems(subject.alpha)[0] / 255
    return covered / (placement.canvas_width * placement.canvas_height)
