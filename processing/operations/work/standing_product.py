"""A product put down on a surface: reflection, shadow and product, in one light."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2

from processing.imaging.arrays import RGB
from processing.imaging.backdrops.styles import Style
from processing.imaging.cutout import Cutout, cut_out
from processing.imaging.light.layers import shadow_layers
from processing.imaging.light.light import Light
from processing.imaging.over import over
from processing.imaging.placement import Placement, Size
from processing.operations.work.subject import Subject


@dataclass(frozen=True, slots=True)
class Ground:
    """The surface and its light. `horizon`: share of the height where it begins. `gloss`, `casts`: as of Style."""

    horizon: float
    light: Light = field(default_factory=lambda: Light(300.0, 50.0, 0.6, 0.55))
    gloss: bool = False
    casts: bool = True

    @classmethod
    def of(cls, style: Style) -> Ground:
        return cls(style.horizon, style.light, style.gloss, style.casts)


def put(subject: Subject, placement: Placement, canvas: RGB, ground: Ground, *, shadow: bool) -> float:
    """Lays the product over `canvas`, in place; answers with the share of the canvas that it covers, 0..1."""
    product = cut_out(subject.foreground, subject.alpha, placement)
    size = placement.canvas_width, placement.canvas_height
    layers = _shadows(product, size, ground) if shadow and "bottom" not in subject.cut else []
    for layer in (*layers, product):
        over(layer, canvas, None)
    return cv2.sumElems(product.alpha)[0] / 255 / (size[0] * size[1])


def _shadows(product: Cutout, canvas: Size, ground: Ground) -> list[Cutout]:
    mirrored = shadow_layers("reflection", product, canvas, ground.light) if ground.gloss else []
    if not ground.casts:
        return mirrored or shadow_layers("contact", product, canvas, ground.light)
    return [*mirrored[:1], *shadow_layers("cast", product, canvas, ground.light)]
