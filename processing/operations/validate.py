"""Turns what a form or a program sent into parameters, or into one plain sentence for each wrong field."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from annotated_types import Ge, Le, MaxLen
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from accounts.kit.errors import FieldError, InvalidInput

M = TypeVar("M", bound=BaseModel)

# Errors whose message is already a sentence of ours.
_OUR_OWN = {"packshot"}


def problem(sentence: str) -> PydanticCustomError:
    """What a validator raises; the sentence is shown as it is."""
    return PydanticCustomError("packshot", "{sentence}", {"sentence": sentence})


def validate(model: type[M], given: Mapping[str, object], *, max_pixels: int | None = None) -> M:
    """`given` by field name (camelCase, or as in Python) as a `model`.

    Numbers and booleans may be text, as forms send them. `max_pixels` is the limit of an output, where the
    installation sets one.
    Raises InvalidInput with one FieldError for each wrong field.
    """
    try:
        return model.model_validate(dict(given), context={"max_pixels": max_pixels})
    except ValidationError as error:
        errors = explain(model, error)
    raise InvalidInput(" ".join(found.detail for found in errors), errors=errors)


def explain(model: type[BaseModel], error: ValidationError) -> tuple[FieldError, ...]:
    """The errors of pydantic in plain English, one for each field, in the order of the fields."""
    fields = {info.alias or name: info for name, info in model.model_fields.items()}
    aliases = {name: info.alias or name for name, info in model.model_fields.items()}
    found: dict[str, str] = {}
    for item in error.errors(include_url=False):
        sent = str(item["loc"][0]) if item["loc"] else ""
        field = aliases.get(sent, sent)
        if item["type"] == "extra_forbidden":
            detail = _unknown(field, list(fields))
        elif item["type"] in _OUR_OWN or field not in fields:
            detail = item["msg"]
        elif item["type"] == "missing":
            detail = f"{field} is missing: it must be {_wanted(fields[field])}."
        else:
            detail = f"{field} must be {_wanted(fields[field])}."
        found.setdefault(field, detail)
    return tuple(FieldError(field, detail) for field, detail in found.items())


def _unknown(field: str, known: list[str]) -> str:
    close = get_close_matches(field, known, n=1)
    return f"There is no field {field}." + (f" Did you mean {close[0]}?" if close else "")


def _wanted(info: FieldInfo) -> str:
    kind, rules = kind_and_rules(info)
    lowest = next((rule.ge for rule in rules if isinstance(rule, Ge)), None)
    highest = next((rule.le for rule in rules if isinstance(rule, Le)), None)
    longest = next((rule.max_length for rule in rules if isinstance(rule, MaxLen)), None)
    between = f" from {lowest} to {highest}" if lowest is not None and highest is not None else ""
    if get_origin(kind) is Literal:
        words = [str(word) for word in get_args(kind)]
        return " or ".join(words) if len(words) < 3 else f"{', '.join(words[:-1])} or {words[-1]}"
    if kind is bool:
        return "true or false"
    if kind is int:
        return f"a whole number{between}"
    if kind is float:
        return f"a number{between}"
    if get_origin(kind) is tuple:
        return "a list"
    return "text" if longest is None else f"text of at most {longest} characters"


def kind_and_rules(info: FieldInfo) -> tuple[Any, list[Any]]:
    """The plain type of a field and everything that is annotated beside it, None as a choice left out."""
    return _kind(info.annotation, list(info.metadata))


def _kind(annotation: Any, rules: list[Any]) -> tuple[Any, list[Any]]:
    """The plain type and the rules of `Annotated[int, Field(ge=1)] | None`."""
    if get_origin(annotation) is Annotated:
        annotation, *more = get_args(annotation)
        for rule in more:
            rules = [*rules, *(rule.metadata if isinstance(rule, FieldInfo) else [rule])]
        return _kind(annotation, rules)
    if get_origin(annotation) in (Union, UnionType):
        options = [option for option in get_args(annotation) if option is not type(None)]
        if len(options) == 1:
            return _kind(options[0], rules)
    return annotation, rules
