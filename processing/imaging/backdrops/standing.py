"""Where a product stands on a backdrop's surface. Pure arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from processing.imaging.placement import Canvas, Placement, Size, place

if TYPE_CHECKING:
    from processing.imaging.arrays import Box

Across = Literal["left", "center", "right"]

_HEIGHT, _WIDTH = 0.60, 0.80  # of the canvas, that a product takes at most where no margin is asked for
_ON_SURFACE = 0.58  # of the way from the surface's back edge to the front
_LEAST = 0.12  # of that way: nearer to the wall nothing stands
_SIDE = 0.08  # of the shorter side, beside a product at the left or right where no margin is asked for


def ground_row(height: int, shorter: int, horizon: float, margin: float | None) -> float:
    """The row on which the product stands, in pixels: never behind the surface's back edge."""
    back = horizon * height
    if margin is None:
        return back + _ON_SURFACE * (height - back)
    return max(height - margin * shorter, back + _LEAST * (height - back))


def stand(
    source_size: Size,
    box: Box,
    cut: frozenset[str],
    size: Size,
    *,
    horizon: float,
    margin: float | None,
    across: Across,
) -> Placement:
    """The product's box with its foot on the surface. Arguments as of processing.imaging.placement.place.

    `margin`: share of the shorter side that stays free around it; None takes the usual size.
    """
    width, height = size
    shorter = min(size)
    ground = ground_row(height, shorter, horizon, margin)
    beside = (_SIDE if margin is None else margin) * shorter
    most_wide = _WIDTH * width if margin is None else width - 2 * beside
    most_high = min(_HEIGHT * height, ground) if margin is None else ground - beside
    scale = max(min(most_wide / box[2], most_high / box[3]), 1 / max(box[2], box[3]))
    wide, high = scale * box[2], scale * box[3]
    left = {"left": beside, "center": (width - wide) / 2, "right": width - beside - wide}[across]
    sides = (ground - high, width - left - wide, height - ground, left)
    top, right, bottom, left = (max(side, 0.0) / shorter for side in sides)
    return place(source_size, box, cut, Canvas(width, height, (top, right, bottom, left)))
