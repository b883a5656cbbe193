"""The form of an operation, made from its parameters: what the API validates is what the page asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args, get_origin

from django import forms
from django.http import QueryDict
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from accounts.kit.errors import InvalidInput


def parameter_form(
    model: type[BaseModel], *, data: QueryDict | None = None, values: Mapping[str, Any] | None = None
) -> forms.Form:
    """A form with one field per parameter, named as in the API (camelCase), with its title and description.

    `values` are shown where nothing was sent yet. Everything is optional here: what is left empty takes the
    operation's own default, and what is wrong is said by the parameters' own validation (`add_errors`).
    """
    form = forms.Form(data, initial=dict(values or {}))
    for name, info in model.model_fields.items():
        form.fields[info.alias or name] = _field(info)
    return form


def given(form: forms.Form) -> dict[str, Any]:
    """What was filled in, as the API would get it."""
    form.full_clean()
    answers: dict[str, Any] = {}
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name)
        if isinstance(field, forms.BooleanField):
            if value:
                answers[name] = True
        elif value not in (None, ""):
            answers[name] = value
    return answers


def add_errors(form: forms.Form, error: InvalidInput) -> None:
    """Puts each sentence beside its field."""
    for item in error.errors:
        form.add_error(item.field if item.field in form.fields else None, item.detail)


def _field(info: FieldInfo) -> forms.Field:
    kind = _plain(info.annotation)
    words: dict[str, Any] = {"label": info.title, "help_text": info.description or "", "required": False}
    if get_origin(kind) is Literal:
        default = info.default if info.default is not None else ""
        choices = [(word, _words(word)) for word in get_args(kind)]
        return forms.ChoiceField(choices=choices, initial=default, **words)
    if kind is bool:
        return forms.BooleanField(**words)
    example = info.examples[0] if info.examples else ""
    default = info.default if info.default is not None else ""
    attributes = {"placeholder": str(default if default != "" else example), "autocomplete": "off"}
    if kind in (int, float):
        attributes["inputmode"] = "numeric" if kind is int else "decimal"
    # Text, not number: the parameters say what is wrong in words, and what was typed stays as it was typed.
    return forms.CharField(widget=forms.TextInput(attrs=attributes), **words)


def _plain(annotation: Any) -> Any:
    if get_origin(annotation) is Literal:
        return annotation
    options = [option for option in get_args(annotation) if option is not type(None)]
    return options[0] if len(options) == 1 else annotation


def _words(word: str) -> str:
    known = {"jpg": "JPEG", "png": "PNG", "webp": "WebP", "avif": "AVIF"}
    corners = {"diagonal-tl-br": "Top left to bottom right", "diagonal-bl-tr": "Bottom left to top right"}
    return known.get(word) or corners.get(word) or word.capitalize()
