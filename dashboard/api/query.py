"""The query string of a call: every name must be known, as in a body."""

from __future__ import annotations

from typing import TypeVar

from django.http import HttpRequest
from pydantic import BaseModel

from accounts.kit.errors import FieldError, InvalidInput
from processing.operations.validate import validate

Q = TypeVar("Q", bound=BaseModel)


def read_query(request: HttpRequest, model: type[Q]) -> Q:
    """Raises InvalidInput that names each wrong field."""
    for name, values in request.GET.lists():
        if len(values) > 1:
            raise InvalidInput(f"{name} was sent more than once.", field=name)
        if "\0" in values[0]:
            raise InvalidInput(f"{name} holds characters that are not text.", field=name)
    return validate(model, request.GET.dict())


def refuse_query(request: HttpRequest) -> None:
    """For a call whose fields are in its body: one in the address would be ignored. Raises InvalidInput."""
    errors = tuple(
        FieldError(name, f"{name[:80]} belongs in the body, not in the address.") for name in request.GET if name
    )
    if errors:
        raise InvalidInput(" ".join(error.detail for error in errors), errors=errors)
