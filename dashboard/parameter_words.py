"""The parameters of a job as a person reads them: "2000 × 2000 px", "5 % on every side", "White"."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, gettext_noop, ngettext

from dashboard.step_words import recipe_words
from processing.operations.cut_variants import CutVariants
from processing.operations.recipe import Recipe
from processing.operations.registry import OPERATIONS

_FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WebP", "avif": "AVIF"}
_COLORS = {
    "#ffffff": gettext_noop("White"),
    "#000000": gettext_noop("Black"),
    "transparent": gettext_noop("Transparent"),
}
_DIRECTIONS = {
    "vertical": gettext_noop("top to bottom"),
    "horizontal": gettext_noop("left to right"),
    "diagonal-tl-br": gettext_noop("top left to bottom right"),
    "diagonal-bl-tr": gettext_noop("bottom left to top right"),
}
_SIDES = (gettext_noop("Top"), gettext_noop("Right"), gettext_noop("Bottom"), gettext_noop("Left"))
_SIDE_MARGINS = ("marginTop", "marginRight", "marginBottom", "marginLeft")
# Told together with another parameter.
_TOLD = {"width", "height", "margin", *_SIDE_MARGINS, "format", "jpegQuality", "background", "gradientDirection"}
# Not worth a line while they are what everybody gets.
_USUAL = {
    "align": "center",
    "sameScale": False,
    "output": "image",
    "shadow": "none",
    "edges": "fine",
    "start": "product",
    "clicks": "grabcut",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """`colors`: what is shown as swatches before the words."""

    title: str
    words: str
    colors: tuple[str, ...] = ()


def parameter_words(operation: str, parameters: Mapping[str, Any], *, background_image: bool = False) -> list[Fact]:
    """One line each, the usual left out; of a recipe one line for each step."""
    if operation == Recipe.name:
        steps = enumerate(recipe_words(parameters), 1)
        return [
            Fact(gettext("Step {number}").format(number=number), f"{step.does}: {step.how}" if step.how else step.does)
            for number, step in steps
        ]
    if operation == CutVariants.name:
        return [
            Fact(gettext("Variant {number}").format(number=number), _variant(each))
            for number, each in enumerate(parameters["variants"], 1)
        ]
    facts = [
        Fact(gettext("Size"), _size(parameters)),
        Fact(gettext("Margin"), _margin(parameters)),
        _background(parameters, background_image=background_image),
        Fact(gettext("Format"), _format(parameters)),
    ]
    model = OPERATIONS[operation].Parameters if operation in OPERATIONS else None
    titles = {info.alias or name: info.title for name, info in model.model_fields.items()} if model else {}
    for name, value in parameters.items():
        if name == "marks":
            facts.append(Fact(gettext("Marks"), _marks(value)))
        elif name not in _TOLD and value is not None and _USUAL.get(name) != value:
            facts.append(Fact(gettext(titles.get(name) or name), _value(value)))
    return facts


def _variant(variant: Mapping[str, Any]) -> str:
    background = str(variant["background"])
    told = [
        _FORMATS.get(variant["format"], variant["format"].upper()),
        _color(background),
        gettext("cropped to the product") if variant["autocrop"] else "",
        gettext("at most {megapixels:g} MP").format(megapixels=variant["maxPixels"] / 1_000_000),
        gettext("fast edges") if variant["edges"] == "fast" else "",
        gettext("quality {quality}").format(quality=variant["quality"]) if variant["format"] != "png" else "",
    ]
    return ", ".join(part for part in told if part)


def _size(parameters: Mapping[str, Any]) -> str:
    width, height = parameters.get("width"), parameters.get("height")
    if width and height:
        return gettext("{width} × {height} px").format(width=width, height=height)
    if width:
        return gettext("{width} px wide, height follows").format(width=width)
    if height:
        return gettext("{height} px high, width follows").format(height=height)
    return gettext("As large as the photo")


def _margin(parameters: Mapping[str, Any]) -> str:
    common = parameters.get("margin")
    sides = [parameters.get(name) for name in _SIDE_MARGINS]
    if common is None and all(side is None for side in sides):
        return gettext("None: the product keeps its place in the frame")
    rest = common or 0
    values = [rest if side is None else side for side in sides]
    if len(set(values)) == 1:
        return gettext("{percent} on every side").format(percent=_percent(values[0]))
    return ", ".join(
        f"{gettext(side)} {_percent(value)}" for side, value in zip(_SIDES, values, strict=True)
    ).capitalize()


def _background(parameters: Mapping[str, Any], *, background_image: bool) -> Fact:
    background = str(parameters.get("background") or "#ffffff").lower()
    if background_image:
        return Fact(gettext("Background"), gettext("Own image"))
    if ":" in background:
        colors = tuple(background.split(":"))
        direction = _DIRECTIONS.get(str(parameters.get("gradientDirection")), "")
        words = gettext("{first} to {second}").format(first=colors[0], second=colors[-1])
        return Fact(gettext("Background"), f"{words}, {gettext(direction)}" if direction else words, colors)
    if background == "transparent":
        return Fact(gettext("Background"), _color(background))
    return Fact(gettext("Background"), _color(background), (background,))


def _format(parameters: Mapping[str, Any]) -> str:
    format_ = str(parameters.get("format") or "jpg")
    name = _FORMATS.get(format_, format_.upper())
    quality = parameters.get("jpegQuality")
    return (
        name
        if format_ == "png" or quality is None
        else gettext("{name}, quality {quality}").format(name=name, quality=quality)
    )


def _color(color: str) -> str:
    return gettext(_COLORS[color]) if color in _COLORS else color


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"


def _marks(marks: Collection[Mapping[str, Any]]) -> str:
    strokes = sum(bool(mark.get("radius")) for mark in marks)
    clicks = len(marks) - strokes
    told = (
        ngettext("{count} click", "{count} clicks", clicks).format(count=clicks) if clicks else "",
        ngettext("{count} brush stroke", "{count} brush strokes", strokes).format(count=strokes) if strokes else "",
    )
    return ", ".join(part for part in told if part)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    words = str(value)
    return words[:1].upper() + words[1:] if words.isalpha() else words
