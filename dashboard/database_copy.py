"""Every row of one database into another of Django's, in one transaction, compared afterwards."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connections, models, transaction

_AT_ONCE = 500


class Different(Exception):
    """A table did not arrive as it was; nothing of the copy remains."""


def tables() -> list[type[models.Model]]:
    """Every model with a table of its own, those between two models too; what others point at comes first."""
    found = [each for each in apps.get_models(include_auto_created=True) if each._meta.managed and not each._meta.proxy]
    ordered: list[type[models.Model]] = []
    while found:
        # Where two point at each other the constraints, which wait for the end, sort it out.
        ready = [each for each in found if not _points_at(each) & (set(found) - {each})] or found[:1]
        ordered += ready
        found = [each for each in found if each not in ready]
    return ordered


def is_in_use(target: str) -> bool:
    """Whether people have signed up there: then it is not a place to copy to."""
    user = apps.get_model("accounts", "User")
    return bool(user._base_manager.using(target).exists())


def copy(source: str, target: str, say: Callable[[str], object]) -> int:
    """Rows copied. `target`: a migrated database that nobody uses; what its migrations wrote is replaced.

    Raises Different, and then nothing has changed there.
    """
    everything = tables()
    total = 0
    with transaction.atomic(using=target), transaction.atomic(using=source):
        for model in reversed(everything):
            model._base_manager.using(target).all()._raw_delete(target)
        for model in everything:
            total += _copied(model, source, target)
        for model in everything:
            one, two = fingerprint(model, source), fingerprint(model, target)
            if one != two:
                raise Different(f"{model._meta.db_table}: {one[0]} rows here, {two[0]} there, or not the same content.")
            if one[0]:
                say(f"  {one[0]:>9}  {model._meta.db_table}")
        _set_sequences(everything, target)
    return total


def fingerprint(model: type[models.Model], using: str) -> tuple[int, str]:
    """Number of rows, and one hash over all of them, whatever the database calls its types and sorts first."""
    names = [field.attname for field in model._meta.concrete_fields]
    digests = []
    rows = model._base_manager.using(using).values_list(*names)
    for row in rows.iterator(chunk_size=2000):
        digests.append(hashlib.sha256(json.dumps([_plain(each) for each in row]).encode()).digest())
    # Not in the database's order: two of them sort text and ids differently.
    return len(digests), hashlib.sha256(b"".join(sorted(digests))).hexdigest()


def _copied(model: type[models.Model], source: str, target: str) -> int:
    fields = list(model._meta.local_concrete_fields)
    copied = 0
    for rows in _batches(model, source):
        # As they are: `raw` leaves out what a field would set by itself when it is saved, such as the time.
        model._base_manager.using(target)._insert(rows, fields=fields, raw=True, using=target)  # type: ignore[attr-defined]
        copied += len(rows)
    return copied


def _batches(model: type[models.Model], source: str) -> Iterator[list[models.Model]]:
    rows: list[models.Model] = []
    for row in model._base_manager.using(source).order_by("pk").iterator(chunk_size=_AT_ONCE):
        rows.append(row)
        if len(rows) == _AT_ONCE:
            yield rows
            rows = []
    if rows:
        yield rows


def _set_sequences(everything: list[type[models.Model]], target: str) -> None:
    connection = connections[target]
    statements = connection.ops.sequence_reset_sql(no_style(), everything)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _points_at(model: type[models.Model]) -> set[Any]:
    return {field.related_model for field in model._meta.local_fields if field.related_model is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(value[key]) for key in sorted(value)}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    if isinstance(value, (uuid.UUID, dt.timedelta)):
        return str(value)
    if isinstance(value, Decimal):
        return str(value.normalize())
    return value
