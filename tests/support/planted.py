"""A word of its own in every text of an organization: in each kind of row, in files, in their names."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import connection, models
from django.utils import timezone

from accounts.models import AuditEntry, Organization
from accounts.models.owned import Owned
from processing.actions.move_files import every_file

_TEXTS = (models.CharField, models.TextField)


def owned_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if issubclass(model, Owned)]


def plant(organization: Organization, word: str, storage: Storage) -> None:
    """Makes a row of every kind that the organization has none of, and writes `word` into every text field of all."""
    for model in owned_models():
        _row_of(model, organization, word)
    for model in owned_models():
        rows = model._base_manager.filter(organization_id=organization.pk)
        for pk in list(rows.values_list("pk", flat=True)):
            _write(model, pk, word)
    _write(Organization, organization.pk, word)
    for path in (f"{organization.pk}/{word}.txt", f"{organization.pk}/catalog/{word}/ab/{word}.webp"):
        storage.save(path, ContentFile(word.encode()))


def places(word: str, storage: Storage) -> list[str]:
    """Everywhere that the word is: tables with their column, paths of files."""
    return [*_in_tables(word), *(path for path in every_file(storage) if _in_file(word, path, storage))]


def _row_of(model: type[models.Model], organization: Organization, word: str) -> models.Model:
    found = model._base_manager.filter(organization_id=organization.pk).first()
    if found:
        return found
    values: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.name == "organization":
            values[field.name] = organization
        elif field.has_default() or field.primary_key or field.null:
            continue
        elif field.is_relation:
            values[field.name] = _related(field, organization, word)
        else:
            values[field.name] = _value(field, word)
    row = model(**values)
    row.save_base(force_insert=True)
    return row


def _related(field: models.Field[Any, Any], organization: Organization, word: str) -> models.Model | None:
    model: type[models.Model] = field.related_model  # type: ignore[assignment]
    if issubclass(model, Owned):
        return _row_of(model, organization, word)
    return model._base_manager.first()


def _value(field: models.Field[Any, Any], word: str) -> Any:
    if field.choices:
        return next(iter(field.flatchoices))[0]
    if isinstance(field, models.JSONField):
        return {word: word}
    if isinstance(field, models.DateTimeField):
        return timezone.now()
    if isinstance(field, models.DateField):
        return dt.date(2026, 11, 1)
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    if isinstance(field, models.BinaryField):
        return word.encode()
    if isinstance(field, models.GenericIPAddressField):
        return "192.0.2.1"
    if isinstance(field, (models.IntegerField, models.FloatField)):
        return 1
    if isinstance(field, models.BooleanField):
        return False
    return word[: field.max_length] if field.max_length else word


def _write(model: type[models.Model], pk: object, word: str) -> None:
    changed: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.primary_key or field.is_relation or field.choices:
            continue
        if isinstance(field, models.JSONField):
            changed[field.name] = {word: [word]}
        elif isinstance(field, models.BinaryField):
            changed[field.name] = word.encode()
        elif isinstance(field, _TEXTS) and _is_long_enough(field, word) and model._meta.model_name != "blob":
            # What is unique stays so. A blob's hash is where its file lies.
            changed[field.name] = f"{word}{uuid.uuid4().hex[:6]}"
    if changed:
        with _audit_log_open(model):
            model._base_manager.filter(pk=pk).update(**changed)


@contextmanager
def _audit_log_open(model: type[models.Model]) -> Iterator[None]:
    """PostgreSQL's trigger lets nobody write into it afterwards, except as here."""
    if connection.vendor != "postgresql" or model is not AuditEntry:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


def _is_long_enough(field: models.Field[Any, Any], word: str) -> bool:
    return field.max_length is None or field.max_length >= len(word) + 6


def _in_tables(word: str) -> Iterator[str]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            columns = [column[0] for column in cursor.description]
            found = {
                column
                for row in cursor.fetchall()
                for column, value in zip(columns, row, strict=True)
                if word in (bytes(value).decode("latin-1") if isinstance(value, (bytes, memoryview)) else str(value))
            }
            yield from sorted(f"{table}.{column}" for column in found)


def _in_file(word: str, path: str, storage: Storage) -> bool:
    with storage.open(path, "rb") as file:
        return word in path or word.encode() in file.read()
