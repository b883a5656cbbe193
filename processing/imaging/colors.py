"""Backgrounds as people write them: `#ffffff`, `#fff:#e5e5e5`, `transparent`. No numpy: forms use it too."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

Color = tuple[int, int, int]
"""Red, green, blue, 0..255, sRGB."""

GradientDirection = Literal["vertical", "horizontal", "diagonal-tl-br", "diagonal-bl-tr"]
GRADIENT_DIRECTIONS: tuple[GradientDirection, ...] = get_args(GradientDirection)

TRANSPARENT = "transparent"
_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})")


@dataclass(frozen=True, slots=True)
class Solid:
    color: Color


@dataclass(frozen=True, slots=True)
class Gradient:
    """From `start` (top, left, or the named corner) to `end`."""

    start: Color
    end: Color
    direction: GradientDirection = "vertical"


Background = Solid | Gradient


def parse_color(text: str) -> Color:
    """`#rgb` or `#rrggbb`. Raises ValueError."""
    text = text.lower()
    if not _HEX.fullmatch(text):
        raise ValueError(f"{text!r} is not a colour such as #ffffff")
    digits = text[1:] if len(text) == 7 else "".join(2 * digit for digit in text[1:])
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def parse_background(text: str, direction: GradientDirection = "vertical") -> Background | None:
    """The background `text` describes; None is transparent. Raises ValueError."""
    if text.lower() == TRANSPARENT:
        return None
    colors = [parse_color(part) for part in text.split(":")]
    if len(colors) > 2:
        raise ValueError("a gradient has two colours, such as #ffffff:#e5e5e5")
    return Solid(colors[0]) if len(colors) == 1 else Gradient(colors[0], colors[1], direction)
