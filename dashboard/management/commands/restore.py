from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from dashboard.backup import check, keys, load, manifest, passphrase, schema
from dashboard.backup.make import StoreInUse, held
from dashboard.backup.manifest import Damaged, Manifest
from dashboard.data_lock import DataFolderInUse, lock
from processing.queries.stored_files import agreement

_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Makes this installation what it was when a backup was made: database, images and, where they are in it, "
        "secrets. Stop Packshot first. The whole backup is read and compared before anything is changed; --check "
        "does that alone. A backup of an older Packshot is brought up to date."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path, help="a backup, or the folder of backups for the newest one")
        parser.add_argument("--check", action="store_true", help="only say whether the backup is whole")
        parser.add_argument("--replace", action="store_true", help="although there are people in the database here")
        parser.add_argument("--passphrase-file", type=Path, help="opens the secrets in the backup")
        parser.add_argument(
            "--without-keys", action="store_true", help="although the secrets are others: API keys and credentials go"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            folder = check.newest_or_named(options["source"].expanduser().resolve())
            with held(folder.parent):
                said = manifest.read(folder)
                self._refuse_damaged(folder, said)
                if not options["check"]:
                    self._restore(folder, said, options)
        except (
            Damaged, StoreInUse, schema.TooNew, keys.WrongPassphrase, passphrase.Unreadable, DataFolderInUse
        ) as error:  # fmt: skip
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error} Run it again when that is mended.") from error

    def _refuse_damaged(self, folder: Path, said: Manifest) -> None:
        self.stdout.write(f"Reading {folder} …")
        if found := check.problems(folder, said):
            for line in found[:_SHOWN]:
                self.stdout.write(f"  {line}")
            raise CommandError(f"This backup is not whole ({len(found)} problems). Nothing was changed.")
        count = sum(table.rows for table in said.tables.values())
        images = f"{said.files} images" if said.with_files else "no images"
        self.stdout.write(f"Whole: {count} rows, {images}, made {said.made_at} by Packshot {said.product}.")

    def _restore(self, folder: Path, said: Manifest, options: dict[str, Any]) -> None:
        schema.refuse_newer(said)
        secrets = self._secrets(folder, said, options)
        if schema.is_in_use() and not options["replace"]:
            raise CommandError(
                "There are people in the database here. Restore into an empty one, or say --replace to lose it."
            )
        with lock(settings.DATA_DIR):
            self._refuse_others()
            given = load.load_files(folder, said, storages["default"], self.stdout.write)
            before = load.load_database(folder, said, self.stdout.write)
            if secrets:
                kept = keys.put_in_place(settings.DATA_DIR, secrets)
                self.stdout.write("The secrets of the backup are in secrets.json of DATA_DIR.")
                self._kept(kept)
        self._kept(before)
        if said.with_files:
            self.stdout.write(f"{given} images restored, {said.files - len(said.absent) - given} were there already.")
        self._compare_files()
        self.stdout.write("Everybody signs in again. A worker sends what was waiting when the backup was made.")

    def _secrets(self, folder: Path, said: Manifest, options: dict[str, Any]) -> dict[str, list[str]] | None:
        """Those of the backup, where they are to take the place of the ones here."""
        wrong = keys.missing(said.keys, keys.here())
        if not wrong or options["without_keys"]:
            return None
        found = keys.included(folder, said.keys, passphrase.first_line(options["passphrase_file"]))
        if found is None:
            raise CommandError(
                f"The backup was made with another {' and '.join(wrong)}. Set what it was made with, or put its "
                "secrets.json into DATA_DIR; --without-keys goes on without, and API keys, credentials of shops and "
                "second factors of before are lost."
            )
        if keys.missing(said.keys, found):
            raise CommandError("The secrets in the backup are not those that it was made with. Nothing was changed.")
        if fixed := [name for name in keys.set_elsewhere() if name in wrong]:
            raise CommandError(
                f"{' and '.join(fixed)} is set in the environment to something else than in the backup. Take it away "
                "there, so that the one of the backup counts."
            )
        return found

    def _refuse_others(self) -> None:
        if connection.vendor != "postgresql":
            return
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            others = cursor.fetchone()[0]
        if others:
            raise CommandError(f"{others} others are connected to the database. Stop Packshot everywhere first.")

    def _compare_files(self) -> None:
        missing = agreement(storages["default"], read=False).missing
        if missing:
            self.stdout.write(f"{len(missing)} images have a row and no file:")
            for path in missing[:_SHOWN]:
                self.stdout.write(f"  {path}")

    def _kept(self, before: Path | None) -> None:
        if before:
            self.stdout.write(f"What was here before is {before.name}; delete it when all is well.")
