"""Rows that are numbered as they are made, of some time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import BigIntegerField, Model, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

M = TypeVar("M", bound=Model)

# Rows are numbered by the database and dated by the machines, whose clocks may differ by so much.
_ROOM = timedelta(days=1)
_NO_END = Value(2**63 - 1, output_field=BigIntegerField())


def between(rows: QuerySet[M], own: QuerySet[M], since: datetime | None, until: datetime | None) -> QuerySet[M]:
    """Those of `rows` that were made from `since` until just before `until`. `own`: all of the organization's.

    Asked for newest first, a database would walk through everything that was made after `until`: it is told the numbers
    to begin and to end at.
    """
    if since:
        last = own.filter(created_at__lt=since - _ROOM).order_by("-created_at").values("pk")[:1]
        rows = rows.filter(created_at__gte=since, pk__gt=Coalesce(Subquery(last), 0))
    if until:
        first = own.filter(created_at__gte=until + _ROOM).order_by("created_at").values("pk")[:1]
        rows = rows.filter(created_at__lt=until, pk__lt=Coalesce(Subquery(first), _NO_END))
    return rows
