"""What a preset produces, as a small drawing: canvas, margins, background, shadow."""

from __future__ import annotations

from dataclasses import dataclass

from processing.imaging.colors import Gradient, Solid, parse_background
from processing.operations.process import ProcessParameters

_VIEW = 96.0
_ASPECT = 0.62  # of the drawn product: width to height


@dataclass(frozen=True, slots=True)
class PresetPicture:
    """Numbers for an SVG whose view box is 96 × 96."""

    x: float
    y: float
    width: float
    height: float
    product_x: float
    product_y: float
    product_width: float
    product_height: float
    fill: str
    fill_end: str
    transparent: bool
    shadow: str


def preset_picture(parameters: ProcessParameters) -> PresetPicture:
    """The drawing of those parameters, with a bottle-shaped product standing in for any."""
    ratio = (parameters.width or 1) / (parameters.height or 1) if parameters.width and parameters.height else 1.0
    width, height = (_VIEW, _VIEW / ratio) if ratio >= 1 else (_VIEW * ratio, _VIEW)
    x, y = (_VIEW - width) / 2, (_VIEW - height) / 2
    shorter = min(width, height)
    top, right, bottom, left = (share * shorter for share in (parameters.margins or (0.14, 0.14, 0.14, 0.14)))
    room_width, room_height = max(width - left - right, 1.0), max(height - top - bottom, 1.0)
    product_height = min(room_height, room_width / _ASPECT)
    product_width = product_height * _ASPECT
    across, down = {
        "left": (0.0, 0.5), "right": (1.0, 0.5), "top": (0.5, 0.0), "bottom": (0.5, 1.0)
    }.get(parameters.align, (0.5, 0.5))  # fmt: skip
    background = parse_background(parameters.background)
    fill = fill_end = "#ffffff"
    if isinstance(background, Solid):
        fill = fill_end = _hex(background.color)
    elif isinstance(background, Gradient):
        fill, fill_end = _hex(background.start), _hex(background.end)
    return PresetPicture(
        x=round(x, 2),
        y=round(y, 2),
        width=round(width, 2),
        height=round(height, 2),
        product_x=round(x + left + across * (room_width - product_width), 2),
        product_y=round(y + top + down * (room_height - product_height), 2),
        product_width=round(product_width, 2),
        product_height=round(product_height, 2),
        fill=fill,
        fill_end=fill_end,
        transparent=background is None,
        shadow=parameters.shadow,
    )


def _hex(color: tuple[int, int, int]) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color)
