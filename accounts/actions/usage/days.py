"""Counts into rows: added to what is there by the database itself, so that any number of processes can write."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from itertools import islice

from django.db import connection, transaction

from accounts.actions.usage.labels import folded, usage_label
from accounts.actions.usage.rollups import begin_again
from accounts.actions.usage.tallies import Place, Tally
from accounts.models import Organization, UsageDay
from accounts.models.usage_day import BUCKETS, DASHBOARD, NO_KEY

_PLACE = ("organization", "day", "key", "endpoint", "label")
# Rows of one statement: 34 values each, and SQLite takes 32,766.
_AT_ONCE = 200
_CALLS = ("calls", "errors_4xx", "errors_5xx", "total_ms", *BUCKETS)


@transaction.atomic
def write(taken: dict[Place, Tally]) -> int:
    """Adds the counts to their days; how many rows. Organizations that are gone by now are left out."""
    asked = {place[0] for place in taken}
    there = set(Organization.objects.filter(pk__in=asked).values_list("pk", flat=True))
    rows: dict[Place, Tally] = {}
    for place, tally in taken.items():
        if place[0] in there:
            rows.setdefault((*place[:4], folded(place[0], place[1], place[4])), Tally()).merge(tally)
    # In one order everywhere: two processes that add to the same rows wait for each other instead of blocking.
    _add(
        _CALLS,
        (
            (*place, tally.calls, tally.errors_4xx, tally.errors_5xx, round(tally.total_ms), *tally.buckets)
            for place, tally in sorted(rows.items(), key=lambda item: item[0])
        ),
    )
    begin_again(place[:2] for place in rows)
    return len(rows)


def add_credits(
    organization_id: uuid.UUID, *, day: date, key: uuid.UUID | None, endpoint: str, label: str, credits: int
) -> None:
    """Adds what a job was charged, inside the transaction that charges it: exact, whatever is killed when."""
    label = folded(organization_id, day, usage_label(label))
    _add(("credits",), [(organization_id, day, key or NO_KEY, endpoint or DASHBOARD, label, credits)])


def _add(counted: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    """INSERT … ON CONFLICT … SET n = n + new, which PostgreSQL and SQLite both have and Django's ORM has not.

    No two of the rows may have the same place.
    """
    named = (*_PLACE, *counted)
    numbers = [name for name in (*_CALLS, "credits") if name not in counted]
    of_name = {field.name: field for field in UsageDay._meta.concrete_fields}
    fields = [of_name[name] for name in (*named, *numbers)]
    table = connection.ops.quote_name(UsageDay._meta.db_table)
    columns = [connection.ops.quote_name(field.column) for field in fields]
    place = columns[: len(_PLACE)]
    added = columns[len(_PLACE) : len(named)]
    one = f"({', '.join(['%s'] * len(columns))})"
    into = f"INSERT INTO {table} ({', '.join(columns)}) VALUES "  # noqa: S608  (names of our own columns alone)
    added_up = ", ".join(f"{column} = {table}.{column} + excluded.{column}" for column in added)
    on_conflict = f" ON CONFLICT ({', '.join(place)}) DO UPDATE SET {added_up}"
    zeros = (0,) * len(numbers)
    every = iter(rows)
    with connection.cursor() as cursor:
        while some := list(islice(every, _AT_ONCE)):
            values = [
                field.get_db_prep_save(value, connection)
                for row in some
                for field, value in zip(fields, (*row, *zeros), strict=True)
            ]
            cursor.execute(into + ", ".join([one] * len(some)) + on_conflict, values)
