"""A step of a recipe as a person reads it: "Resize a picture: Width 1200, Fit pad"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from accounts.kit.errors import InvalidInput
from dashboard.preset_card import card
from processing.operations.process import merge
from processing.operations.recipe import steps_of
from processing.operations.registry import OPERATIONS

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class StepWords:
    """`does`: the operation as a verb. `how`: what was chosen for it; empty for the usual."""

    does: str
    how: str


def recipe_words(parameters: Mapping[str, Any]) -> list[StepWords]:
    """Of a recipe as presets and jobs keep it."""
    return [step_words(step.operation, step.parameters) for step in steps_of(parameters)]


def step_words(operation: str, parameters: Mapping[str, Any]) -> StepWords:
    """`parameters`: what was chosen, by the names of the API."""
    if operation not in OPERATIONS:
        return StepWords(operation, "")
    if operation == "process":
        try:
            return StepWords(gettext(OPERATIONS[operation].summary), ", ".join(card(merge(parameters, {}))))
        except InvalidInput:
            pass  # while it is being typed: said as it stands
    fields = OPERATIONS[operation].Parameters.model_fields
    titles = {info.alias or name: info.title or name for name, info in fields.items()}
    said = [f"{gettext(titles.get(name, name))} {_value(value)}" for name, value in parameters.items()]
    return StepWords(gettext(OPERATIONS[operation].summary), ", ".join(said))


def _value(value: object) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list | tuple):
        return str(len(value))
    words = str(value)
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
