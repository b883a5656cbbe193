"""How a parameter is asked for: the control, its limits and its words, read from what the operation declares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, get_args, get_origin

from annotated_types import Ge, Le, MaxLen
from django.utils.translation import gettext, gettext_noop
from pydantic.fields import FieldInfo

from processing.operations import controls
from processing.operations.validate import kind_and_rules

Kind = Literal[
    "slider", "angle", "number", "seed", "segments", "select", "pictures", "switch", "colour", "fill", "long", "text"
]
Image = Literal["", "with", "instead"]
R = TypeVar("R")

_WORDS = {
    "jpg": "JPEG",
    "png": "PNG",
    "webp": "WebP",
    "avif": "AVIF",
    "diagonal-tl-br": gettext_noop("Top left to bottom right"),
    "diagonal-bl-tr": gettext_noop("Bottom left to top right"),
}
_SLIDES_TO = 1000  # a whole number that can be larger is typed
_FEW = 5
_SHORT = 34  # characters of all choices together that stand side by side


@dataclass(frozen=True, slots=True)
class Choice:
    """`picture`: where it is under static/img, empty for none."""

    value: str
    title: str
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """`least`, `most`, `step`, `default` are in the unit that people see, as text; an empty default is nothing."""

    kind: Kind
    least: str = ""
    most: str = ""
    step: str = ""
    unit: str = ""
    default: str = ""
    example: str = ""
    longest: int | None = None
    choices: tuple[Choice, ...] = ()
    share: bool = False
    image: Image = ""
    of_batch: bool = False


def control_of(info: FieldInfo) -> Control | None:
    """None for what no single control can hold, such as a list."""
    plain, rules = kind_and_rules(info)
    share = _rule(rules, controls.Share) is not None
    begins = _rule(rules, controls.Begins)
    start = begins.value if begins else None if info.is_required() else info.default
    bounds = _rule(rules, Ge), _rule(rules, Le)
    least, most = (bounds[0].ge if bounds[0] else None), (bounds[1].le if bounds[1] else None)
    kind = _kind(plain, rules, least, most)
    if kind is None:
        return None
    longest = _rule(rules, MaxLen)
    example = info.examples[0] if info.examples else None
    return Control(
        kind=kind,
        least=shown(least, share=share),
        most=shown(most, share=share),
        step=_step(plain, least, most, share=share),
        unit="%" if share else "°" if kind == "angle" else "",
        default=shown(start, share=share),
        example=shown(example, share=share),
        longest=longest.max_length if longest else None,
        choices=_choices(plain, rules, least, most, optional=not info.is_required() and info.default is None),
        share=share,
        image="with"
        if _rule(rules, controls.WithImage)
        else "instead"
        if _rule(rules, controls.InsteadOfImage)
        else "",
        of_batch=_rule(rules, controls.OfBatch) is not None,
    )


def shown(value: object, *, share: bool) -> str:
    """A parameter's value as a person reads and types it."""
    if value is None or value is False:
        return ""
    if isinstance(value, bool):
        return "true"
    if isinstance(value, (int, float)):
        return f"{round(100 * value if share else value, 4):.10g}"
    return str(value)


def meant(text: str, *, share: bool) -> float | str:
    """What a person has typed as the parameter's value; what is not a number stays as it was typed."""
    if not share:
        return text
    try:
        return round(float(text.replace(",", ".").removesuffix("%")) / 100, 6)
    except ValueError:
        return text


def _kind(plain: Any, rules: Sequence[object], least: Any, most: Any) -> Kind | None:
    marked: tuple[tuple[type, Kind], ...] = (
        (controls.Pictured, "pictures"),
        (controls.Angle, "angle"),
        (controls.Seed, "seed"),
        (controls.Colour, "colour"),
        (controls.Fill, "fill"),
        (controls.Sentence, "long"),
    )
    for marker, kind in marked:
        if _rule(rules, marker) is not None:
            return kind
    if get_origin(plain) is Literal:
        words = [_title(str(word)) for word in get_args(plain)]
        return "segments" if len(words) <= _FEW and sum(map(len, words)) <= _SHORT else "select"
    if plain is bool:
        return "switch"
    if plain in (int, float):
        if least is None or most is None or (plain is int and most - least > _SLIDES_TO):
            return "number"
        return "segments" if plain is int and most - least < _FEW else "slider"
    return "text" if plain is str else None


def _choices(plain: Any, rules: Sequence[object], least: Any, most: Any, *, optional: bool) -> tuple[Choice, ...]:
    if get_origin(plain) is Literal:
        pictured = _rule(rules, controls.Pictured)
        found = [
            Choice(
                str(word),
                gettext(pictured.titles.get(str(word), str(word))) if pictured else _title(str(word)),
                f"{pictured.folder}/{word}.webp" if pictured else "",
            )
            for word in get_args(plain)
        ]
        return (*found,) if pictured or not optional else (Choice("", gettext("Automatic")), *found)
    if plain is int and least is not None and most is not None and most - least < _FEW:
        few = [Choice(str(number), str(number)) for number in range(least, most + 1)]
        return (*few, Choice("", gettext("Not set"))) if optional else (*few,)
    return ()


def _step(plain: Any, least: Any, most: Any, *, share: bool) -> str:
    if plain is int:
        return "1"
    if plain is not float:
        return ""
    reach = 100 * (most - least) if share and least is not None and most is not None else (most or 1) - (least or 0)
    return "1" if reach > 60 else "0.5" if reach > 20 else "0.1" if share else "0.05"


def _title(word: str) -> str:
    return gettext(_WORDS.get(word) or word.replace("-", " ").capitalize())


def _rule(rules: Sequence[object], wanted: type[R]) -> R | None:
    return next((rule for rule in rules if isinstance(rule, wanted)), None)
