"""The parameters of a job as a person reads them: "2000 × 2000 px", "5 % on every side", "White"."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.step_words import recipe_words
from processing.operations.cut_variants import CutVariants
from processing.operations.recipe import Recipe
from processing.operations.registry import OPERATIONS

_FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WebP", "avif": "AVIF"}
_COLORS = {"#ffffff": "White", "#000000": "Black", "transparent": "Transparent"}
_DIRECTIONS = {
    "vertical": "top to bottom",
    "horizontal": "left to right",
    "diagonal-tl-br": "top left to bottom right",
    "diagonal-bl-tr": "bottom left to top right",
}
_SIDES = ("Top", "Right", "Bottom", "Left")
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
        return [Fact(f"Step {number}", f"{step.does}: {step.how}" if step.how else step.does) for number, step in steps]
    if operation == CutVariants.name:
        return [Fact(f"Variant {number}", _variant(each)) for number, each in enumerate(parameters["variants"], 1)]
    facts = [
        Fact("Size", _size(parameters)),
        Fact("Margin", _margin(parameters)),
        _background(parameters, background_image=background_image),
        Fact("Format", _format(parameters)),
    ]
    model = OPERATIONS[operation].Parameters if operation in OPERATIONS else None
    titles = {info.alias or name: info.title for name, info in model.model_fields.items()} if model else {}
    for name, value in parameters.items():
        if name == "marks":
            facts.append(Fact("Marks", _marks(value)))
        elif name not in _TOLD and value is not None and _USUAL.get(name) != value:
            facts.append(Fact(titles.get(name) or name, _value(value)))
    return facts


def _variant(variant: Mapping[str, Any]) -> str:
    background = str(variant["background"])
    told = [
        _FORMATS.get(variant["format"], variant["format"].upper()),
        _COLORS.get(background, background),
        "cropped to the product" if variant["autocrop"] else "",
        f"at most {variant['maxPixels'] / 1e6:g} MP",
        "fast edges" if variant["edges"] == "fast" else "",
        f"quality {variant['quality']}" if variant["format"] != "png" else "",
    ]
    return ", ".join(part for part in told if part)


def _size(parameters: Mapping[str, Any]) -> str:
    width, height = parameters.get("width"), parameters.get("height")
    if width and height:
        return f"{width} × {height} px"
    if width:
        return f"{width} px wide, height follows"
    if height:
        return f"{height} px high, width follows"
    return "As large as the photo"


def _margin(parameters: Mapping[str, Any]) -> str:
    common = parameters.get("margin")
    sides = [parameters.get(name) for name in _SIDE_MARGINS]
    if common is None and all(side is None for side in sides):
        return "None: the product keeps its place in the frame"
    rest = common or 0
    values = [rest if side is None else side for side in sides]
    if len(set(values)) == 1:
        return f"{_percent(values[0])} on every side"
    return ", ".join(f"{side} {_percent(value)}" for side, value in zip(_SIDES, values, strict=True)).capitalize()


def _background(parameters: Mapping[str, Any], *, background_image: bool) -> Fact:
    background = str(parameters.get("background") or "#ffffff").lower()
    if background_image:
        return Fact("Background", "Own image")
    if ":" in background:
        colors = tuple(background.split(":"))
        direction = _DIRECTIONS.get(str(parameters.get("gradientDirection")), "")
        return Fact("Background", f"{' to '.join(colors)}, {direction}".rstrip(", "), colors)
    if background == "transparent":
        return Fact("Background", _COLORS[background])
    return Fact("Background", _COLORS.get(background, background), (background,))


def _format(parameters: Mapping[str, Any]) -> str:
    format_ = str(parameters.get("format") or "jpg")
    name = _FORMATS.get(format_, format_.upper())
    quality = parameters.get("jpegQuality")
    return name if format_ == "png" or quality is None else f"{name}, quality {quality}"


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"


def _marks(marks: Collection[Mapping[str, Any]]) -> str:
    strokes = sum(bool(mark.get("radius")) for mark in marks)
    told = ((len(marks) - strokes, "click"), (strokes, "brush stroke"))
    return ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in told if count)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    words = str(value)
    return words[:1].upper() + words[1:] if words.isalpha() else words
