"""The operations that the edit page offers: those whose every parameter has a control."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from accounts.kit.errors import NotFound
from dashboard.parameter_form import fits_a_form
from processing.operations.base import Operation
from processing.operations.registry import OPERATIONS


def edit_operations() -> list[Operation[Any]]:
    """By what their buttons say."""
    fitting = (operation for operation in OPERATIONS.values() if fits_a_form(operation.Parameters))
    return sorted(fitting, key=lambda operation: gettext(operation.verb))


def edit_operation(name: str) -> Operation[Any]:
    """Raises NotFound."""
    found = next((operation for operation in edit_operations() if operation.name == name), None)
    if found is None:
        raise NotFound(gettext("There is no such operation."))
    return found
