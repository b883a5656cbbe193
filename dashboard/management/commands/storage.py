from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.core.files.storage.handler import StorageHandler
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from dashboard.storage_address import EXAMPLE, backend
from processing.actions.move_files import every_file, move
from processing.queries.stored_files import agreement, without_row

_SHOWN = 20
_YOUNG = timedelta(hours=1)


class Command(BaseCommand):
    help = (
        "check: whether rows and files agree (--read compares every hash, --remove removes files that no row names). "
        f"move: copies every file to another place, such as {EXAMPLE} or file:///srv/files, and compares each. "
        "It may run beside the product and be run again: move, set STORAGE_URL, restart, and move once more "
        "--from the old place for what came in between."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        kinds = parser.add_subparsers(dest="what", required=True)
        check = kinds.add_parser("check")
        check.add_argument("--read", action="store_true", help="read every file and compare its SHA-256")
        check.add_argument("--remove", action="store_true", help="remove files that no row names")
        copy = kinds.add_parser("move")
        copy.add_argument("--from", dest="source", default=settings.STORAGE_URL, help="default: STORAGE_URL")
        copy.add_argument("--to", dest="target", default=settings.STORAGE_URL, help="default: STORAGE_URL")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["what"] == "check":
                self._check(read=options["read"], remove=options["remove"])
            else:
                self._move(options["source"], options["target"])
        except OSError as error:
            raise CommandError(f"{error} Nothing was lost; run it again.") from error

    def _check(self, *, read: bool, remove: bool) -> None:
        storage = storages["default"]
        found = agreement(storage, read=read)
        self.stdout.write(f"{found.rows} files have a row, {found.bytes / 1e6:.1f} MB.")
        # A file is there before its row is committed: the youngest are somebody's photo of this moment.
        old = timezone.now() - _YOUNG
        orphans = [path for path in without_row(every_file(storage)) if storage.get_modified_time(path) < old]
        self._list(found.missing, "have a row and no file")
        self._list(found.changed, "are not the bytes that their name says")
        self._list(orphans, "have no row")
        if remove:
            for path in orphans:
                storage.delete(path)
            self.stdout.write(f"{len(orphans)} files without a row were removed.")
        if found.missing or found.changed:
            raise CommandError("Restore what is missing from a backup: images that lost their file cannot be opened.")

    def _move(self, source: str, target: str) -> None:
        if source == target:
            raise CommandError("Say where to: --to s3://key:secret@host/bucket (or --from, where STORAGE_URL is new).")
        old, new = self._storage(source, "--from"), self._storage(target, "--to")
        if target.startswith("s3://"):
            from processing.s3_storage import S3Files

            assert isinstance(new, S3Files)
            new.make_bucket()
        done = move(old, new, self.stdout.write)
        self.stdout.write(
            f"{done.copied} files copied and compared ({done.bytes / 1e6:.1f} MB), {done.there} were there already."
        )
        if done.broken:
            self._list(done.broken, "did not come back as they were sent")
            raise CommandError("The target did not keep what it was given. Do not switch to it.")
        missing = agreement(new, read=False).missing
        self._list(missing, "have a row and are not at the target")
        if missing:
            raise CommandError("The source lacks them too: manage.py storage check says which.")
        self.stdout.write("Every row has its file there.")

    def _storage(self, address: str, option: str) -> Storage:
        try:
            described: Any = backend(address, settings.DATA_DIR / "files")
        except ValueError:
            raise CommandError(f"{option} must be an address such as {EXAMPLE} or file:///srv/files.") from None
        return StorageHandler({"default": described})["default"]

    def _list(self, paths: list[str], what: str) -> None:
        if paths:
            self.stdout.write(f"{len(paths)} {what}:")
            for path in paths[:_SHOWN]:
                self.stdout.write(f"  {path}")
            if len(paths) > _SHOWN:
                self.stdout.write(f"  … and {len(paths) - _SHOWN} more")
