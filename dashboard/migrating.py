"""Migrations beside a product that runs: they wait for a lock only shortly, so that nobody waits behind them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection

# "packshot" as eight bytes: two machines that start at once migrate one after the other.
_LOCK = int.from_bytes(b"packshot", "big") >> 1
_TRIES = 10
_PAUSE_SECONDS = 2.0


class LockedOut(Exception):
    """A table that a migration changes stayed in use; nothing of that migration was done."""


def migrate(say: Callable[[str], object]) -> None:
    """Brings the database up to date. On PostgreSQL each statement waits MIGRATION_LOCK_SECONDS for its table, then
    the migration lets go of everything, pauses and begins anew. Raises LockedOut after ten tries."""
    if connection.vendor != "postgresql":
        call_command("migrate", interactive=False, verbosity=0)
        return
    with _alone():
        for left in reversed(range(_TRIES)):
            try:
                _try()
                return
            except OperationalError as error:
                if not isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
                    raise
                if not left:
                    raise LockedOut(
                        "A table stayed in use by something else, so the migration was not done. Nothing of it "
                        "remains; run this again when long work on the database has ended."
                    ) from error
                say(f"A table is in use. Again in {_PAUSE_SECONDS:g} s ({left} tries left) …")
                time.sleep(_PAUSE_SECONDS)


def _try() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{settings.MIGRATION_LOCK_SECONDS}s'")
    try:
        call_command("migrate", interactive=False, verbosity=0)
    finally:
        # Closed for good: the pool would give it to a request with this time-out.
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]


@contextmanager
def _alone() -> Iterator[None]:
    """Holds the installation's migration lock on a connection of its own."""
    given = connection.get_connection_params()
    wanted = {name: given[name] for name in ("dbname", "user", "password", "host", "port") if given.get(name)}
    with psycopg.connect(**wanted, autocommit=True) as own:
        own.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        yield
