"""Everything that is wrong with a request, told at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from accounts.kit.errors import FieldError, InvalidInput


class Problems:
    """Collects what is wrong; `refuse` raises it together."""

    def __init__(self) -> None:
        self._found: list[InvalidInput] = []

    def note(self, field: str, detail: str) -> None:
        self._found.append(InvalidInput(detail, field=field))

    @contextmanager
    def gather(self) -> Iterator[list[FieldError]]:
        """What is refused inside is noted. Yields the list that then names its fields."""
        fields: list[FieldError] = []
        try:
            yield fields
        except InvalidInput as error:
            self._found.append(error)
            fields.extend(error.errors)

    def refuse(self) -> None:
        """Raises InvalidInput, naming each field, if anything was wrong. A single error keeps its own code."""
        if len(self._found) == 1:
            raise self._found[0]
        if self._found:
            errors = tuple(dict.fromkeys(error for found in self._found for error in found.errors))
            details = dict.fromkeys(found.detail for found in self._found)
            raise InvalidInput(" ".join(details), errors=errors)
