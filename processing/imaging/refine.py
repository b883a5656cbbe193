"""The network's rough mask becomes a cut-out: full-resolution alpha and foreground colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeVar, cast

import cv2
import numpy as np

from processing.imaging import holes, matte, specks
from processing.imaging.arrays import RGB, Alpha, Mask
from processing.imaging.shrink import shrink

Edges = Literal["fast", "fine"]

_Plane = TypeVar("_Plane", RGB, Mask)

WORK_PIXELS: dict[Edges, int] = {"fast": 350_000, "fine": 1_200_000}
"""Size at which holes are judged and colours are carried across the edge."""


@dataclass(frozen=True, slots=True)
class Refined:
    """`alpha` uint8 (H, W); `foreground` uint8 (H, W, 3), straight sRGB without the backdrop's share at the edges.

    Where alpha is 0 and no edge is near, foreground still holds the photo: resize it multiplied by alpha.
    """

    alpha: Alpha
    foreground: RGB


def refine(rgb: RGB, mask: Mask, *, edges: Edges) -> Refined:
    """`rgb` uint8 (H, W, 3); `mask` float32 of any size, stretched over the photo. Alpha may come out empty."""
    size = fitting(rgb.shape, WORK_PIXELS[edges])
    small = resize(rgb, size)
    rough = specks.clean(np.clip(resize(mask, size), 0, 1))
    alpha, foreground = matte.solve(rgb, holes.judge(small, rough), small)
    return Refined(alpha, foreground)


def with_colours(rgb: RGB, alpha: Alpha, *, edges: Edges) -> Refined:
    """A cut-out whose alpha, uint8 (H, W), is decided: only the subject's own colours at its edges are estimated."""
    size = fitting(rgb.shape, WORK_PIXELS[edges])
    _, foreground = matte.solve(rgb, level(alpha, size), resize(rgb, size))
    return Refined(alpha, foreground)


def level(alpha: Alpha, size: tuple[int, int]) -> Mask:
    """Alpha as a mask of that size (width, height): float32 in 0..1."""
    return np.asarray(np.clip(resize(alpha.astype(np.float32), size) / 255, 0, 1), np.float32)


def fitting(shape: tuple[int, ...], pixels: int) -> tuple[int, int]:
    """Width and height of a picture of that shape when it has at most about that many pixels."""
    height, width = shape[:2]
    scale = min(1.0, float(np.sqrt(pixels / (height * width))))
    return max(1, round(width * scale)), max(1, round(height * scale))


def resize(plane: _Plane, size: tuple[int, int]) -> _Plane:
    """The picture or mask at that size (width, height)."""
    if size[0] < plane.shape[1] and size[1] < plane.shape[0]:
        return shrink(plane, size)
    return cast("_Plane", cv2.resize(plane, size, interpolation=cv2.INTER_CUBIC))
