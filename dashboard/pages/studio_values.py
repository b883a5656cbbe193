"""The Studio's form and the parameters behind it: per cent instead of shares, a background in four kinds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext

from accounts.kit.errors import InvalidInput
from processing.imaging.colors import Gradient, parse_background
from processing.operations.process import MAX_MARGIN, ProcessParameters

_MARGINS = ("marginTop", "marginRight", "marginBottom", "marginLeft")
_PLAIN = ("width", "height", "align", "gradientDirection", "shadow", "format", "jpegQuality", "edges")
# Every field of the form. `framing` is margin or frame; `bg` is color, gradient, transparent or image.
VALUES = (*_PLAIN, "sameScale", "framing", "margin", *_MARGINS, "bg", "color", "color2")

_WHITE, _GREY = "#ffffff", "#e5e7eb"


def given_values(form: QueryDict) -> dict[str, str]:
    """What was sent, as it was typed."""
    return {name: form.get(name, "").strip() for name in VALUES}


def shown_values(parameters: ProcessParameters) -> dict[str, str]:
    """The form that says what these parameters say."""
    values = parameters.model_dump(mode="json", by_alias=True)
    shown = {name: "" if values[name] is None else str(values[name]) for name in _PLAIN}
    shown |= {name: _percent(values[name]) for name in ("margin", *_MARGINS)}
    shown["margin"] = shown["margin"] or "5"
    shown["framing"] = "frame" if parameters.margins is None else "margin"
    if parameters.margins is not None and parameters.margin is None:
        shown["margin"] = "0"
    shown["sameScale"] = "true" if parameters.same_scale else ""
    return shown | _shown_background(parameters)


def to_parameters(values: Mapping[str, str]) -> dict[str, Any]:
    """The answers by API name; what was left empty is None. Nothing is checked here."""
    answers: dict[str, Any] = {name: values[name] or None for name in ("width", "height")}
    answers |= {name: values[name] for name in _PLAIN if name not in answers and values[name]}
    fitted = values["framing"] == "margin"
    answers |= {name: _share(values[name]) if fitted else None for name in ("margin", *_MARGINS)}
    answers["sameScale"] = values["sameScale"] == "true"
    if values["bg"] == "transparent":
        answers["background"] = "transparent"
    elif values["bg"] == "gradient":
        answers["background"] = f"{values['color']}:{values['color2']}"
    elif values["bg"] != "image":
        answers["background"] = values["color"]
    return answers


def describe(error: InvalidInput) -> dict[str, str]:
    """What is wrong by field of the form, in its own words and units."""
    titles = {info.alias or name: gettext(info.title or name) for name, info in ProcessParameters.model_fields.items()}
    found: dict[str, str] = {}
    for item in error.errors:
        name, detail = item.field, item.detail
        if name in ("margin", *_MARGINS):
            detail = gettext("{titles} must be a number from 0 to {value:g}.").format(
                titles=titles[name], value=100 * MAX_MARGIN
            )
        elif name in titles and detail.startswith(name):
            detail = titles[name] + detail.removeprefix(name)
        found[name] = detail
    return found


def _shown_background(parameters: ProcessParameters) -> dict[str, str]:
    spec = parse_background(parameters.background)
    if spec is None:
        return {"bg": "transparent", "color": _WHITE, "color2": _GREY}
    colors = parameters.background.split(":")
    kind = "gradient" if isinstance(spec, Gradient) else "color"
    return {"bg": kind, "color": colors[0], "color2": colors[-1] if kind == "gradient" else _GREY}


def _percent(share: float | None) -> str:
    return "" if share is None else f"{round(100 * share, 2):g}"


def _share(percent: str) -> float | str | None:
    if not percent:
        return None
    try:
        return round(float(percent.replace(",", ".")) / 100, 4)
    except ValueError:
        return percent  # refused by its own validation, which says what is wanted
