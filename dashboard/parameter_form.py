"""The form of an operation, made from its parameters: what the API validates is what the page asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from accounts.kit.errors import InvalidInput
from dashboard.parameter_control import Control, control_of, meant, shown


class ParameterField(forms.CharField):
    """One parameter as text: the parameters say what is wrong in words, and what was typed stays as it was typed."""

    def __init__(self, name: str, info: FieldInfo, control: Control) -> None:
        super().__init__(
            label=gettext(info.title or name),
            help_text=gettext(info.description) if info.description else "",
            required=False,
            widget=forms.CheckboxInput if control.kind == "switch" else forms.TextInput,
        )
        self.control = control

    def to_python(self, value: object) -> str:
        return "true" if value is True else "" if value is False else str(super().to_python(value))


def parameter_form(
    model: type[BaseModel],
    *,
    data: QueryDict | None = None,
    values: Mapping[str, Any] | None = None,
    prefix: str | None = None,
) -> forms.Form:
    """A form with one field per parameter, named as in the API (camelCase), with its title and description.

    `values` (as the API has them) are shown where nothing was sent yet. Everything is optional here: what is left
    empty takes the operation's own default, and what is wrong is said by the parameters' own validation
    (`add_errors`). A parameter that no control can hold, such as a list, has no field. templates/parts/parameters/
    draws it.
    """
    form = forms.Form(data, prefix=prefix)
    form.initial = dict(values or {})
    for name, info in _by_alias(model).items():
        control = control_of(info)
        if control is not None:
            form.fields[name] = ParameterField(name, info, control)
            if control.kind == "switch":
                form.initial[name] = bool(form.initial.get(name, control.default))
            elif name in form.initial:
                form.initial[name] = shown(form.initial[name], share=control.share)
    return form


def start(model: type[BaseModel]) -> dict[str, Any]:
    """What a form begins with where every usual value is to be seen; in the units of `parameter_form`'s `values`."""
    found: dict[str, Any] = {}
    for name, info in _by_alias(model).items():
        control = control_of(info)
        if control and control.default:
            found[name] = meant(control.default, share=control.share)
    return found


def fits_a_form(model: type[BaseModel]) -> bool:
    """Each of its parameters has a control."""
    return all(control_of(info) is not None for info in model.model_fields.values())


def given(form: forms.Form) -> dict[str, Any]:
    """What was filled in, as the API would get it."""
    form.full_clean()
    answers: dict[str, Any] = {}
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name)
        if not isinstance(field, ParameterField):
            if value not in (None, ""):
                answers[name] = value
        elif field.control.kind == "switch":
            if value != field.control.default:
                answers[name] = bool(value)
        elif value:
            answers[name] = meant(value, share=field.control.share)
    return answers


def add_errors(form: forms.Form, error: InvalidInput) -> None:
    """Puts each sentence beside its field, in the words of the form."""
    for item in error.errors:
        known = item.field in form.fields
        form.add_error(item.field if known else None, _in_words(form, item.field, item.detail))
    if not error.errors:
        form.add_error(None, error.detail)


def _in_words(form: forms.Form, name: str, detail: str) -> str:
    """The API's sentence with the field's title, and per cent where the form asks for them."""
    field = form.fields.get(name)
    if not isinstance(field, ParameterField):
        return detail
    title = str(field.label)
    if field.control.share and re.fullmatch(r".* must be a number from \S+ to \S+\.", detail):
        return gettext("{title} must be a number from {least} to {most} %.").format(
            title=title, least=field.control.least, most=field.control.most
        )
    return re.sub(rf"^{re.escape(name)}\b", title, detail)


def _by_alias(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return {info.alias or name: info for name, info in model.model_fields.items()}
