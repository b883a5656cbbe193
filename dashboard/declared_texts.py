"""Texts of what is declared in code that knows nothing of Django: operations, parameters, presets, profiles, errors.

The dashboard shows them by `gettext`; `make messages` collects them from here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from pydantic import BaseModel

from accounts.kit.errors import PackshotError
from dashboard.parameter_control import control_of
from integrations.registry import MARKETPLACES
from processing.compliance.profiles import PROFILES
from processing.compliance.rules.registry import RULES
from processing.imaging.placement import Align
from processing.operations.base import STEPS
from processing.operations.presets import PRESETS
from processing.operations.process import Edges, Shadow
from processing.operations.registry import EVERY_OPERATION


def declared_texts() -> Iterator[str]:
    """Each once, in no order that matters."""
    yield from dict.fromkeys(text for text in _all() if text)


def _all() -> Iterator[str]:
    for operation in EVERY_OPERATION.values():
        yield from (operation.title, getattr(operation, "verb", ""), operation.summary)
        yield operation.description.partition(". ")[0].rstrip(".") + "."
        yield from _of_parameters(operation.Parameters)
    for preset in PRESETS.values():
        yield from (preset.title, preset.description)
    for profile in PROFILES.values():
        yield profile.title
    for rule in RULES.values():
        yield rule.title
        yield from (threshold.title for threshold in rule.thresholds)
    for marketplace in MARKETPLACES.values():
        yield marketplace.needed
        for credential in marketplace.credentials:
            yield from (credential.label, credential.where)
    yield from STEPS
    for options in (Align, Shadow, Edges):
        yield from get_args(options)
    yield from (error.title for error in _kinds(PackshotError))


def _of_parameters(model: type[BaseModel]) -> Iterator[str]:
    for name, info in model.model_fields.items():
        control = control_of(info)
        if control is not None:
            yield info.title or name
            yield info.description or ""
            yield from (choice.title for choice in control.choices)


def _kinds(error: type[PackshotError]) -> Iterator[type[PackshotError]]:
    yield error
    for kind in error.__subclasses__():
        yield from _kinds(kind)
