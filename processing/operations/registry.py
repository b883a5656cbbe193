"""All image operations by name: each module of this folder that says `OPERATION = …()`.

`FAMILY_OPERATION = …()` is one that a single family's call asks for: it runs like every other and is offered nowhere
else."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Protocol, runtime_checkable

from accounts.kit.errors import NotFound
from processing import operations
from processing.operations.base import Operation


def _found(attribute: str) -> dict[str, Operation[Any]]:
    modules = (import_module(f"{operations.__name__}.{module.name}") for module in iter_modules(operations.__path__))
    found: list[Operation[Any]] = [getattr(module, attribute) for module in modules if hasattr(module, attribute)]
    return {operation.name: operation for operation in found}


OPERATIONS = _found("OPERATION")
# What a job may be of: also those that are not offered everywhere.
EVERY_OPERATION = OPERATIONS | _found("FAMILY_OPERATION")


@runtime_checkable
class Priced(Protocol):
    """An operation whose price depends on its parameters."""

    def price(self, parameters: Mapping[str, Any]) -> int: ...


def price(name: str, parameters: Mapping[str, Any]) -> int:
    """Credits for one image; `parameters` as a job keeps them. Raises NotFound."""
    operation = find(name)
    return operation.price(parameters) if isinstance(operation, Priced) else operation.cost


def find(name: str) -> Operation[Any]:
    """Raises NotFound."""
    try:
        return EVERY_OPERATION[name]
    except KeyError:
        known = ", ".join(sorted(OPERATIONS))
        raise NotFound(f"There is no operation {name}. There are: {known}.", field="operation") from None
