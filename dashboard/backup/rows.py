"""The rows of a table as JSON lines, the same for every database, written and read with constant memory."""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import hashlib
import json
import uuid
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connections, models
from django.utils.duration import duration_string

from dashboard.backup.manifest import Damaged, Table, file_sha256

_AT_ONCE = 500
_MODULUS = 2**256


class Digest:
    """One figure over lines in whatever order: databases sort differently."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def add(self, line: bytes) -> None:
        self.rows += 1
        self._sum = (self._sum + int.from_bytes(hashlib.sha256(line).digest(), "big")) % _MODULUS

    @property
    def hex(self) -> str:
        return f"{self._sum:064x}"


def write(model: type[models.Model], using: str, path: Path) -> Table:
    """Every row of the table into `path`. The caller holds a transaction that makes it one moment."""
    digest = Digest()
    with gzip.open(path, "wb", compresslevel=4) as file:
        file.write(json.dumps(_columns(model)).encode() + b"\n")
        for line in _lines(model, using):
            digest.add(line)
            file.write(line + b"\n")
    path.chmod(0o600)
    return Table(path.name, digest.rows, digest.hex, file_sha256(path))


def load(model: type[models.Model], using: str, path: Path) -> int:
    """Puts the rows of `path` into the empty table; how many. Raises Damaged where the columns are others."""
    fields = list(model._meta.concrete_fields)
    loaded = 0
    with gzip.open(path, "rb") as file:
        if (columns := json.loads(file.readline())) != _columns(model):
            raise Damaged(f"{path.name} has other columns than {model._meta.db_table}: {', '.join(columns)}.")
        at_once = max(1, min(_AT_ONCE, connections[using].ops.bulk_batch_size(fields, range(_AT_ONCE))))
        while batch := list(islice(file, at_once)):
            rows = [_row(model, fields, json.loads(line)) for line in batch]
            # As they are: `raw` leaves out what a field would set by itself when it is saved, such as the time.
            model._base_manager.using(using)._insert(rows, fields=fields, raw=True, using=using)  # type: ignore[attr-defined]
            loaded += len(rows)
    return loaded


def digest_of(model: type[models.Model], using: str) -> Digest:
    """Of what is in the table now, to be held against the manifest's."""
    digest = Digest()
    for line in _lines(model, using):
        digest.add(line)
    return digest


def _columns(model: type[models.Model]) -> list[str]:
    return sorted(field.attname for field in model._meta.concrete_fields)


def _lines(model: type[models.Model], using: str) -> Iterator[bytes]:
    rows = model._base_manager.using(using).order_by().values_list(*_columns(model))
    for row in rows.iterator(chunk_size=2000):
        yield json.dumps([_plain(value) for value in row], sort_keys=True, ensure_ascii=False).encode()


def _row(model: type[models.Model], fields: list[models.Field[Any, Any]], values: list[Any]) -> models.Model:
    by_name = dict(zip(_columns(model), values, strict=True))
    row = model()
    for field in fields:
        setattr(row, field.attname, _typed(field, by_name[field.attname]))
    return row


def _typed(field: models.Field[Any, Any], value: Any) -> Any:
    if value is None or isinstance(field, models.JSONField):
        return value
    return field.to_python(value)


def _plain(value: Any) -> Any:
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, (bytes, memoryview)):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, Decimal):
        return str(value.normalize())
    if isinstance(value, dt.timedelta):
        return duration_string(value)
    return value
