"""Keyset paging over a column and the primary key: rows that tie are told apart by the key, so none is left out."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from accounts.kit.errors import InvalidInput
from accounts.kit.paging import Page

M = TypeVar("M", bound=Model)
_KEY = "page_key"
_NOT_UNCHANGED = "Take the cursor from the page before, unchanged."


@dataclass(frozen=True, slots=True)
class Order:
    """By `by`, a column or an expression that an index has together with the primary key; it is never null.

    `along_index`: False sorts what was found. For a few rows among many that is the faster way, wherever they stand:
    they may all be at the end of the index, and a database that expects them everywhere walks through it.
    """

    by: str | Combinable
    descending: bool = False
    along_index: bool = True


def sorted_page(rows: QuerySet[M], order: Order, *, size: int, older_than: str = "", newer_than: str = "") -> Page[M]:
    """One page of `rows` in that order; `older` is the cursor of the page after, `newer` of the one before.

    Raises InvalidInput for a broken cursor.
    """
    keyed = _keyed(rows, order)
    if newer_than:
        found = _beyond(keyed, _read(keyed, newer_than), size + 1, descending=not order.descending)
        shown = found[:size][::-1]
        more = len(found) > size
        return Page(shown, _cursor(shown[-1]) if shown else None, _cursor(shown[0]) if more and shown else None)
    after = _read(keyed, older_than) if older_than else None
    found = _beyond(keyed, after, size + 1, descending=order.descending)
    shown = found[:size]
    return Page(
        shown,
        older=_cursor(shown[-1]) if len(found) > size else None,
        newer=_cursor(shown[0]) if after and shown else None,
    )


def cursor_of(rows: QuerySet[M], order: Order, pk: object) -> str:
    """The cursor of the page after that row."""
    return _cursor(_keyed(rows, order).get(pk=pk))


def before(rows: QuerySet[M], order: Order, row: M) -> QuerySet[M]:
    """Those that stand before a row of a page."""
    value, side = getattr(row, _KEY), "gt" if order.descending else "lt"
    return _keyed(rows, order).filter(Q(**{f"{_KEY}__{side}": value}) | Q(**{_KEY: value, f"pk__{side}": row.pk}))


def _beyond(keyed: QuerySet[M], after: tuple[Any, Any] | None, most: int, *, descending: bool) -> list[M]:
    """Two questions, each a walk along the index: the rest of those that tie, then what follows."""
    ordered = keyed.order_by(f"-{_KEY}", "-pk") if descending else keyed.order_by(_KEY, "pk")
    if after is None:
        return list(ordered[:most])
    side = "lt" if descending else "gt"
    value, pk = after
    found = list(ordered.filter(**{_KEY: value, f"pk__{side}": pk})[:most])
    if len(found) < most:
        found += ordered.filter(**{f"{_KEY}__{side}": value})[: most - len(found)]
    return found


def _keyed(rows: QuerySet[M], order: Order) -> QuerySet[M]:
    by = F(order.by) if isinstance(order.by, str) else order.by
    # The same value, which no index has.
    keyed: QuerySet[M] = rows.annotate(**{_KEY: by if order.along_index else Coalesce(by, by)})
    return keyed


def _cursor(row: Model) -> str:
    value = getattr(row, _KEY)
    told = value.isoformat() if isinstance(value, datetime) else value
    return base64.urlsafe_b64encode(json.dumps([told, str(row.pk)]).encode()).decode().rstrip("=")


def _read(keyed: QuerySet[M], cursor: str) -> tuple[Any, Any]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        value, pk = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        field = keyed.query.annotations[_KEY].output_field
        if not isinstance(value, str | int) or not isinstance(pk, str):
            raise InvalidInput(_NOT_UNCHANGED, field="cursor")
        if isinstance(value, str) and ("\0" in value or not _is_text(value)):
            raise InvalidInput(_NOT_UNCHANGED, field="cursor")
        return field.to_python(value), keyed.model._meta.pk.to_python(pk)
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error, ValidationError):
        raise InvalidInput(_NOT_UNCHANGED, field="cursor") from None


def _is_text(value: str) -> bool:
    """Halves of surrogate pairs are none."""
    return not any("\ud800" <= sign <= "\udfff" for sign in value)
