from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dashboard.backup import passphrase, schema
from dashboard.backup.make import Made, StoreInUse, keep_newest, make

_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Makes a backup of the database and the images in a folder, beside the running product; images that an "
        "earlier backup there holds are not copied again. The secrets that stored keys are encrypted with are put in "
        "only when asked for. See also: manage.py restore FOLDER --check."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("target", type=Path, help="a folder, made where it is missing")
        parser.add_argument("--keep", type=int, metavar="N", help="afterwards remove all but the newest N")
        parser.add_argument("--with-keys", action="store_true", help="put SECRET_KEY and the other secrets in too")
        parser.add_argument("--passphrase-file", type=Path, help="encrypt those secrets with the first line of a file")
        parser.add_argument("--without-files", action="store_true", help="the database alone")
        parser.add_argument("--reread", action="store_true", help="read images of earlier backups, and replace damaged")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["keep"] is not None and options["keep"] < 1:
            raise CommandError("--keep must be at least 1: the backup that is made now.")
        try:
            made = make(
                options["target"].expanduser().resolve(),
                with_keys=options["with_keys"] or options["passphrase_file"] is not None,
                passphrase=passphrase.first_line(options["passphrase_file"]),
                with_files=not options["without_files"],
                reread=options["reread"],
                say=self.stdout.write,
            )
            if options["keep"]:
                made.removed = keep_newest(made.folder.parent, options["keep"])
        except (StoreInUse, schema.NotUpToDate, passphrase.Unreadable) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"The backup was not made, and nothing of it remains: {error}") from error
        self._tell(made)

    def _tell(self, made: Made) -> None:
        said = made.manifest
        count = sum(table.rows for table in said.tables.values())
        self.stdout.write(f"{made.folder}: {count} rows in {len(said.tables)} tables.")
        if said.with_files:
            self.stdout.write(
                f"{said.files} images, {said.bytes / 1e6:.1f} MB; "
                f"{made.new} copied now ({made.new_bytes / 1e6:.1f} MB)."
            )
        if made.removed:
            self.stdout.write(f"Removed: {', '.join(made.removed)}.")
        if not said.keys["included"]:
            self.stdout.write(
                "The secrets are not in it. Keep SECRET_KEY, API_KEY_PEPPER and FIELD_ENCRYPTION_KEYS (or secrets.json "
                "of DATA_DIR) elsewhere: without them stored keys and credentials cannot be read."
            )
        if made.lost:
            for path in made.lost[:_SHOWN]:
                self.stdout.write(f"  {path}")
            raise CommandError(
                f"The backup is there, but {len(made.lost)} images have a row and no file, or other bytes than they "
                "came with. An earlier backup may have them: see manage.py storage check --read."
            )
