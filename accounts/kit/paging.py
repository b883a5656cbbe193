"""Keyset paging over time-ordered ids: a page costs the same wherever it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet

from accounts.kit.errors import InvalidInput

M = TypeVar("M", bound=Model)

COUNT_UP_TO = 10_000


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """Rows, newest first, and the cursors of the pages around them (None: there is no such page)."""

    rows: list[M]
    older: str | None
    newer: str | None


def page(rows: QuerySet[M], *, size: int, older_than: str = "", newer_than: str = "") -> Page[M]:
    """One page of `rows` by primary key, newest first. Raises InvalidInput for a broken cursor.

    The key is a UUID version 7 or a number that counts up.
    """
    before, after = _cursor(rows, older_than), _cursor(rows, newer_than)
    if after is not None:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: size + 1])
        more = len(found) > size
        shown = found[:size][::-1]
        return Page(
            shown, older=str(shown[-1].pk) if shown else None, newer=str(shown[0].pk) if more and shown else None
        )
    found = list((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[: size + 1])
    shown = found[:size]
    return Page(
        shown,
        older=str(shown[-1].pk) if len(found) > size else None,
        newer=str(shown[0].pk) if before and shown else None,
    )


def count(rows: QuerySet[M]) -> tuple[int, bool]:
    """How many rows, exactly up to 10,000; True when there are more than that."""
    number = rows.order_by()[: COUNT_UP_TO + 1].count()
    return min(number, COUNT_UP_TO), number > COUNT_UP_TO


def _cursor(rows: QuerySet[M], text: str) -> Any:
    if not text:
        return None
    try:
        return rows.model._meta.pk.to_python(text)
    except ValidationError:
        raise InvalidInput("Take the cursor from the page before, unchanged.", field="cursor") from None
