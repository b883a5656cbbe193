"""What a prompt asks for, as far as the built-in backdrops go: a style and a colour. No numpy: forms read it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from processing.imaging.backdrops.styles import DEFAULT, STYLES, Style
from processing.imaging.colors import Color

_NAMED, _MOOD = 3, 1

_COLORS: dict[str, Color] = {
    "white": (243, 242, 240), "ivory": (240, 233, 216), "cream": (240, 230, 206), "beige": (222, 206, 182),
    "sand": (214, 194, 164), "sandy": (214, 194, 164), "tan": (198, 166, 130), "brown": (120, 84, 60),
    "walnut": (104, 74, 54), "chocolate": (84, 58, 44), "terracotta": (190, 112, 84), "rust": (168, 84, 52),
    "red": (186, 44, 44), "burgundy": (104, 28, 44), "coral": (238, 130, 110), "peach": (244, 190, 160),
    "orange": (228, 132, 52), "gold": (206, 166, 92), "golden": (206, 166, 92), "mustard": (204, 160, 60),
    "yellow": (240, 206, 92), "lime": (186, 212, 92), "green": (84, 140, 92), "olive": (128, 130, 84),
    "sage": (166, 180, 156), "mint": (184, 222, 204), "emerald": (24, 112, 84), "teal": (44, 124, 128),
    "turquoise": (88, 190, 190), "cyan": (96, 190, 208), "blue": (72, 116, 176), "sky": (160, 200, 230),
    "navy": (32, 44, 78), "indigo": (66, 60, 128), "purple": (122, 84, 150), "violet": (140, 104, 178),
    "lavender": (196, 184, 224), "lilac": (206, 184, 216), "pink": (230, 140, 164), "rose": (214, 150, 150),
    "blush": (236, 204, 198), "magenta": (190, 60, 130), "grey": (150, 150, 150), "gray": (150, 150, 150),
    "silver": (190, 192, 196), "charcoal": (58, 60, 64), "anthracite": (48, 50, 54), "black": (22, 22, 24),
}  # fmt: skip
# How much of white (or of black) a word mixes in.
_PALER = {"pastel": 0.62, "pale": 0.6, "light": 0.4, "soft": 0.3, "bright": 0.15}
_DARKER = {"dark": 0.6, "deep": 0.45}


@dataclass(frozen=True, slots=True)
class Match:
    """`style`: the built-in one that fits best. `color`: what was asked for, or None. `words`: those understood."""

    style: Style
    color: Color | None
    words: tuple[str, ...]


def match(prompt: str, style: str | None = None) -> Match:
    """The built-in backdrop that fits the words best, or `style` itself in their colour. Raises KeyError."""
    words = [_singular(word) for word in re.findall(r"[a-z]+", prompt.lower())]
    scores = {each.name: _score(each, words) for each in STYLES.values()}
    best = max(scores, key=lambda name: scores[name])  # the first of equals
    chosen = STYLES[style] if style else STYLES[best if scores[best] else DEFAULT]
    color = _color(words, chosen)
    known = {*chosen.words, *chosen.moods, *_COLORS, *_PALER, *_DARKER}
    return Match(chosen, color, tuple(dict.fromkeys(word for word in words if word in known)))


def _score(style: Style, words: list[str]) -> int:
    return sum(_NAMED for word in words if word in style.words) + sum(_MOOD for word in words if word in style.moods)


def _color(words: list[str], style: Style) -> Color | None:
    named = next((_COLORS[word] for word in words if word in _COLORS), None)
    paler = max((_PALER[word] for word in words if word in _PALER), default=0.0)
    darker = max((_DARKER[word] for word in words if word in _DARKER), default=0.0)
    if named is None and (not darker or style.name == "gloss"):
        return None  # light words without a colour ask for light, not for paint
    base = named or style.color
    if darker:
        return _mixed(base, 18, darker if named else 0.75)
    return _mixed(base, 250, paler)


def _mixed(color: Color, with_: int, share: float) -> Color:
    red, green, blue = (round(value + (with_ - value) * share) for value in color)
    return red, green, blue


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "cs")) else word
