"""The built-in backdrops by name: what they show, the words that ask for them, their light. No numpy: forms read it."""

from __future__ import annotations

from dataclasses import dataclass

from processing.imaging.colors import Color
from processing.imaging.light.light import Light


@dataclass(frozen=True, slots=True)
class Style:
    """`words`: of a prompt, that name this style. `moods`: that go with it where no style is named.

    `color`: its own, where none is wished for. `horizon`: share of the height where the surface begins.
    `light`: the one lamp of the picture. `gloss`: whether the surface mirrors the product. `casts`: whether the light
    comes from one side enough for a cast shadow.
    """

    name: str
    title: str
    description: str
    words: tuple[str, ...]
    moods: tuple[str, ...]
    color: Color
    horizon: float
    light: Light
    gloss: bool = False
    casts: bool = True


_ALL = (
    Style(
        name="sweep",
        title="Studio sweep",
        description="A paper roll that runs from the wall onto the table in one curve, lit by a large softbox.",
        words=("studio", "sweep", "cyclorama", "seamless", "paper", "infinity", "cove"),
        moods=("minimal", "plain", "clean", "simple", "pastel", "soft"),
        color=(236, 234, 231), horizon=0.62, light=Light(315.0, 52.0, 0.8, 0.42),
    ),
    Style(
        name="gradient",
        title="Spotlight",
        description="A coloured wall with a pool of light behind the product and darker corners.",
        words=("gradient", "spotlight", "vignette", "halo", "glow"),
        moods=("colorful", "colourful", "vivid", "focus"),
        color=(120, 138, 156), horizon=0.70, light=Light(325.0, 58.0, 0.8, 0.5),
    ),
    Style(
        name="window",
        title="Window light",
        description="Morning sun through a window, on a plaster wall and a pale table.",
        words=("window", "sunny", "sun", "sunlight", "sunlit", "sunshine"),
        moods=("morning", "daylight", "summer", "bright", "warm", "airy", "fresh", "spring"),
        color=(232, 222, 208), horizon=0.66, light=Light(246.0, 36.0, 0.3, 0.5),
    ),
    Style(
        name="marble",
        title="Marble",
        description="A polished marble top with grey veins before a light wall; in a dark colour, black marble.",
        words=("marble", "carrara", "calacatta", "marbled"),
        moods=("luxury", "luxurious", "bathroom", "elegant", "premium", "stone", "spa", "beauty", "cosmetics"),
        color=(236, 235, 233), horizon=0.60, light=Light(312.0, 52.0, 0.7, 0.45), gloss=True,
    ),
    Style(
        name="oak",
        title="Oak boards",
        description="Boards of oak that run into the depth, before a softly lit wall.",
        words=("oak", "wood", "wooden", "timber", "plank", "board", "walnut"),
        moods=("rustic", "kitchen", "farmhouse", "table", "country", "autumn", "coffee", "food"),
        color=(184, 146, 106), horizon=0.60, light=Light(312.0, 50.0, 0.65, 0.5),
    ),
    Style(
        name="linen",
        title="Linen",
        description="Woven natural linen laid over a table, with a quiet wall behind it.",
        words=("linen", "cloth", "fabric", "textile", "cotton", "tablecloth", "woven"),
        moods=("cosy", "cozy", "natural", "organic", "baby", "homely"),
        color=(222, 212, 196), horizon=0.60, light=Light(310.0, 50.0, 0.7, 0.45),
    ),
    Style(
        name="concrete",
        title="Concrete",
        description="Cast concrete, table and wall alike, in cool soft light.",
        words=("concrete", "cement"),
        moods=("industrial", "urban", "loft", "raw", "modern", "street", "brutalist"),
        color=(168, 167, 164), horizon=0.60, light=Light(315.0, 50.0, 0.65, 0.5),
    ),
    Style(
        name="gloss",
        title="Glossy acrylic",
        description="A glossy sheet that mirrors the product, before a glow that fades into the dark.",
        words=("gloss", "glossy", "acrylic", "mirror", "reflection", "reflective", "perspex"),
        moods=("dark", "black", "night", "dramatic", "moody", "tech", "gaming", "mysterious"),
        color=(20, 21, 24), horizon=0.64, light=Light(330.0, 60.0, 0.8, 0.6), gloss=True, casts=False,
    ),
    Style(
        name="plaster",
        title="Plaster",
        description="Hand-trowelled lime plaster in one colour, wall and table alike, lit from the side.",
        words=("plaster", "clay", "stucco", "limewash", "terracotta"),
        moods=("earthy", "earth", "mediterranean", "desert", "boho", "handmade"),
        color=(214, 190, 166), horizon=0.61, light=Light(300.0, 44.0, 0.6, 0.48),
    ),
)  # fmt: skip

STYLES = {style.name: style for style in _ALL}
DEFAULT = "sweep"
