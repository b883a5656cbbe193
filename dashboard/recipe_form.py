"""A recipe in its form: steps are added, moved, filled in and taken out before anything is saved."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext

from accounts.kit.errors import InvalidInput
from dashboard.parameter_control import shown
from dashboard.parameter_form import ParameterField, add_errors, fits_a_form, given, parameter_form, start
from dashboard.parameter_groups import Group, grouped
from dashboard.step_words import StepWords, step_words
from processing.operations.base import Operation
from processing.operations.presets import PRESETS, PresetSpec
from processing.operations.process import Process
from processing.operations.recipe import MAX_STEPS, Recipe, steps_of
from processing.operations.registry import OPERATIONS

_TOKEN = re.compile(r"s[0-9]{1,3}")
# A list, such as the marks of a cut, is of one photo: it makes no sense in another one.
OFFERED = [operation for operation in OPERATIONS.values() if fits_a_form(operation.Parameters)]


@dataclass(frozen=True, slots=True)
class StepForm:
    """`token`: what its fields begin with; it stays with the step while that moves. `open`: its fields are shown.

    `parameters`: what was filled in beyond the defaults, as the API would get it. `rest`: what has no field, as JSON.
    """

    token: str
    operation: Operation[Any]
    form: forms.Form
    parameters: Mapping[str, Any]
    rest: str
    open: bool

    @property
    def groups(self) -> list[Group]:
        fields = self.form.fields.items()
        # The photos of a recipe share no scale: each step fits its own canvas.
        batch = [name for name, field in fields if isinstance(field, ParameterField) and field.control.of_batch]
        return grouped(self.form, without=batch)

    @property
    def words(self) -> StepWords:
        return step_words(self.operation.name, self.parameters)

    @property
    def presets(self) -> list[PresetSpec]:
        return list(PRESETS.values()) if self.operation.name == Process.name else []


def saved_steps(parameters: Mapping[str, Any]) -> list[StepForm]:
    """The form of a recipe as presets keep it."""
    steps = steps_of(parameters)
    return [
        _filled(f"s{index}", OPERATIONS[step.operation], step.parameters, open=len(steps) == 1)
        for index, step in enumerate(steps)
        if step.operation in OPERATIONS
    ]


def sent_steps(data: QueryDict) -> list[StepForm]:
    """The steps as they stand in the browser, with all that was typed. Raises InvalidInput for what no form sends."""
    tokens = data.getlist("step")
    operations = [OPERATIONS.get(data.get(f"{token}-operation", "")) for token in tokens]
    wrong = len(set(tokens)) < len(tokens) or not all(map(_TOKEN.fullmatch, tokens)) or len(tokens) > MAX_STEPS
    if wrong or any(operation is None or operation.name == Recipe.name for operation in operations):
        raise InvalidInput(gettext("The form is not complete. Load the page again."), field="step")
    return [_typed(token, operation, data) for token, operation in zip(tokens, operations, strict=True) if operation]


def rearranged(steps: Sequence[StepForm], data: QueryDict) -> list[StepForm]:
    """After the button `do` was pressed: add, or up, down, remove, fill with a step's token."""
    do, _, token = data.get("do", "").partition(":")
    changed = list(steps)
    if do == "add":
        return [*changed, *_added(steps, data.get("add", ""))]
    at = next((index for index, step in enumerate(steps) if step.token == token), None)
    if at is None:
        raise InvalidInput(gettext("There is no such step. Load the page again."), field="step")
    match do:
        case "up" if at > 0:
            changed[at - 1], changed[at] = changed[at], changed[at - 1]
        case "down" if at + 1 < len(steps):
            changed[at + 1], changed[at] = changed[at], changed[at + 1]
        case "remove":
            del changed[at]
        case "fill":
            changed[at] = _from_preset(steps[at], data)
    return changed


def wrong(steps: Sequence[StepForm]) -> bool:
    """Says beside its field what is wrong with each step; whether anything is."""
    for step in steps:
        try:
            step.operation.merge({}, step.parameters, max_pixels=settings.MAX_IMAGE_PIXELS)
        except InvalidInput as error:
            add_errors(step.form, error)
    return any(step.form.errors for step in steps)


def as_parameters(steps: Sequence[StepForm]) -> dict[str, Any]:
    """The recipe as presets keep it."""
    return {"steps": [{"operation": step.operation.name, "parameters": step.parameters} for step in steps]}


def price(steps: Sequence[StepForm]) -> int:
    """Credits for one image."""
    return sum(step.operation.cost for step in steps)


def _added(steps: Sequence[StepForm], name: str) -> list[StepForm]:
    operation = next((offered for offered in OFFERED if offered.name == name), None)
    if operation is None or len(steps) >= MAX_STEPS:
        return []
    taken = {step.token for step in steps}
    token = next(f"s{index}" for index in range(MAX_STEPS + 1) if f"s{index}" not in taken)
    return [_filled(token, operation, {}, open=True, fresh=True)]


def _from_preset(step: StepForm, data: QueryDict) -> StepForm:
    """The built-in preset's values in the fields that it names; the others stay as they are."""
    preset = PRESETS.get(data.get(f"{step.token}-preset", ""))
    if preset is None or not step.presets:
        return step
    return _filled(step.token, step.operation, {**step.parameters, **preset.parameters}, open=True)


def _typed(token: str, operation: Operation[Any], data: QueryDict) -> StepForm:
    form = parameter_form(operation.Parameters, data=data, prefix=token)
    own, rest = _beyond(operation, given(form)), data.get(f"{token}-rest", "")
    return StepForm(token, operation, form, own | _read(rest), rest, open=data.get(f"{token}-open") == "1")


def _filled(
    token: str, operation: Operation[Any], values: Mapping[str, Any], *, open: bool, fresh: bool = False
) -> StepForm:
    """`fresh`: it begins with what the operation suggests."""
    begin = start(operation.Parameters) if fresh else _usual(operation)
    form = parameter_form(operation.Parameters, values={**begin, **values}, prefix=token)
    rest = {name: value for name, value in values.items() if name not in form.fields}
    kept = json.dumps(rest) if rest else ""
    return StepForm(token, operation, form, _beyond(operation, {**begin, **values}), kept, open)


def _usual(operation: Operation[Any]) -> dict[str, Any]:
    fields = operation.Parameters.model_fields
    return {info.alias or name: info.default for name, info in fields.items() if not info.is_required()}


def _beyond(operation: Operation[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """What differs from the usual, whether it was typed or not."""
    usual = {name: shown(value, share=False) for name, value in _usual(operation).items()}
    return {name: value for name, value in values.items() if shown(value, share=False) != usual.get(name, "")}


def _read(rest: str) -> dict[str, Any]:
    try:
        found = json.loads(rest or "{}")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise InvalidInput(gettext("The form is not complete. Load the page again."), field="step")
    return found
