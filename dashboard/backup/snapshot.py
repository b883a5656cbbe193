"""One moment of the database, looked at for as long as it takes, while everybody else goes on writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connection, connections, models, transaction
from django.db.migrations.recorder import MigrationRecorder

from dashboard import database_copy

# What ends with the processes it speaks of or is made again by itself; and sessions: one that was ended since must not
# come alive again.
LEFT_OUT = frozenset(
    {"sessions.Session", "usersessions.UserSession", "processing.Worker", "processing.KeptMask",
     "processing.StoredBytes",      "integrations.CatalogPicture"}
)  # fmt: skip


@contextmanager
def snapshot() -> Iterator[str]:
    """The alias of the database, on which this thread sees nothing change until the end of the block."""
    with _that_only_reads(), transaction.atomic(durable=True):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield connection.alias


@contextmanager
def _that_only_reads() -> Iterator[None]:
    """On SQLite a transaction takes the lock of whoever writes at its start (database_settings.py); this must not."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    before, connection.transaction_mode = connection.transaction_mode, "DEFERRED"  # type: ignore[attr-defined]
    try:
        yield
    finally:
        connection.transaction_mode = before  # type: ignore[attr-defined]


def applied_migrations(using: str) -> list[list[str]]:
    return sorted([app, name] for app, name in MigrationRecorder(connections[using]).applied_migrations())


def tables() -> list[type[models.Model]]:
    """Those that are backed up, by their table's name."""
    left_out = {apps.get_model(label) for label in LEFT_OUT}
    kept = [model for model in database_copy.tables() if model not in left_out]
    return sorted(kept, key=lambda model: model._meta.db_table)
