from __future__ import annotations

import time
from typing import Any

import psycopg
from django.conf import settings
from django.core.files.storage import storages
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection

from dashboard.migrating import LockedOut, migrate

_PAUSE_SECONDS = 0.5
_CONNECT_SECONDS = 3  # of one try, so that the reason is said within a few seconds


class Command(BaseCommand):
    help = (
        "Once for each new version, before web servers and workers start: waits for the database, brings it up to date "
        "and makes the bucket of STORAGE_URL where it is missing. Safe to run twice, and on two machines at once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--wait", type=float, default=60, help="seconds to wait for the database (60); why it waits is said at once"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self._wait_for_database(options["wait"])
        try:
            migrate(self.say)
        except LockedOut as error:
            raise CommandError(str(error)) from error
        self.say("The database is up to date.")
        self._make_bucket()

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def _wait_for_database(self, seconds: float) -> None:
        end, told = time.monotonic() + seconds, ""
        while True:
            try:
                _reach()
                return
            except (OperationalError, psycopg.OperationalError) as error:
                reason = " ".join(str(error).split())
            left = end - time.monotonic()
            if left <= 0:
                raise CommandError(f"The database (DATABASE_URL) does not answer: {reason}")
            if reason != told:
                told = reason
                self.say(f"The database (DATABASE_URL) does not answer yet: {reason} Waiting for {left:.0f} s …")
            time.sleep(min(_PAUSE_SECONDS, left))

    def _make_bucket(self) -> None:
        storage = storages["default"]
        if not settings.STORAGE_URL.startswith("s3://"):
            return
        from processing.s3_storage import S3Files  # with the whole of boto3, which only an S3 store needs

        assert isinstance(storage, S3Files)
        try:
            made = storage.make_bucket()
        except OSError as error:
            raise CommandError(f"{error} (setting STORAGE_URL)") from error
        self.say(f"The bucket {storage.bucket_name} {'was made' if made else 'is there'}.")


def _reach() -> None:
    """Past the pool, which waits ten seconds and does not know why."""
    if connection.vendor != "postgresql":
        connection.ensure_connection()
        return
    psycopg.connect(**connection.get_connection_params() | {"connect_timeout": _CONNECT_SECONDS}).close()
