from __future__ import annotations

from typing import Any

import environ
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error, connections

from dashboard import database_copy
from dashboard.data_lock import DataFolderInUse, lock

_TARGET = "target"


class Command(BaseCommand):
    help = (
        "Copies every row of this installation's SQLite database into an empty PostgreSQL database, compares each "
        "table, and changes nothing here. Stop Packshot first; afterwards set DATABASE_URL and start it again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="such as postgres://user:password@host:5432/name")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.DATABASE_URL:
            raise CommandError("DATABASE_URL is set: run this with the settings of the machine that you come from.")
        connections.databases[_TARGET] = self._described(options["address"])
        try:
            with lock(settings.DATA_DIR):
                self._copy()
        except DataFolderInUse as error:
            raise CommandError(f"{error} Stop it first: what it writes meanwhile would be left behind.") from error
        except Error as error:
            raise CommandError(f"The other database does not take it: {error}") from error

    def _copy(self) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        self.stdout.write("Making the tables …")
        call_command("migrate", database=_TARGET, interactive=False, verbosity=0)
        if database_copy.is_in_use(_TARGET):
            raise CommandError("People have signed up in that database already. Give an empty one.")
        self.stdout.write("Copying …")
        try:
            rows = database_copy.copy("default", _TARGET, self.stdout.write)
        except database_copy.Different as error:
            raise CommandError(f"{error} Nothing of the copy remains.") from error
        self.stdout.write(f"{rows} rows copied and compared. Now set DATABASE_URL to that address and start again.")
        self.stdout.write("Keep secrets.json of DATA_DIR, or set what is in it: without it stored keys cannot be read.")

    def _described(self, address: str) -> dict[str, Any]:
        try:
            found: dict[str, Any] = environ.Env.db_url_config(address)
        except Exception:  # noqa: BLE001  (whatever the parser stumbles over, the sentence is the same)
            found = {}
        if not found.get("ENGINE", "").endswith("postgresql") or not found.get("NAME"):
            raise CommandError("The address must be such as postgres://user:password@host:5432/name")
        # What the handler of connections fills in for those it was made with.
        return dict(connections.databases["default"]) | {"OPTIONS": {}, "CONN_MAX_AGE": 0} | found
