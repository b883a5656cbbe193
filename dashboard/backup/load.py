"""From a backup to a database and a file storage that can be worked with."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import Storage
from django.core.management.color import no_style
from django.db import connection, models, transaction

from dashboard import migrating
from dashboard.backup import files, rows, schema
from dashboard.backup.manifest import Damaged, Manifest

_EVERY = 1_000


def load_files(folder: Path, said: Manifest, storage: Storage, say: Callable[[str], object]) -> int:
    """Puts every image into the storage; how many were not there already. Raises OSError."""
    if not said.with_files:
        return 0
    absent = set(said.absent)
    given = 0
    for number, (path, _) in enumerate(files.entries(folder / files.LIST), 1):
        if path not in absent:
            given += files.give_back(folder.parent, path, storage)
        if number % _EVERY == 0:
            say(f"  {number} of {said.files} images …")
    return given


def load_database(folder: Path, said: Manifest, say: Callable[[str], object]) -> Path | None:
    """Makes the database what it was and brings it up to date. On SQLite in a file of its own that takes its place at
    the end; the path under which the one of before is kept, if there was one. Raises Damaged."""
    if connection.vendor == "postgresql":
        with transaction.atomic():
            schema.drop_everything()
        _load(folder, said, say)
        return None
    with _beside() as (draft, place):
        _load(folder, said, say)
        connection.close()
        return _put_in_place(draft, place)


def _load(folder: Path, said: Manifest, say: Callable[[str], object]) -> None:
    found = schema.make_as_it_was(said)
    if unknown := sorted(set(said.tables) - set(found)):
        raise Damaged(f"The backup has rows of tables that its migrations do not make: {', '.join(unknown)}.")
    with transaction.atomic():
        for model in found.values():
            model._base_manager.all()._raw_delete(connection.alias)  # what migrations wrote comes from the backup
        for name, table in said.tables.items():
            rows.load(found[name], connection.alias, folder / "rows" / table.file)
        for name, table in said.tables.items():
            _compare(found[name], table.rows, table.digest)
        for statement in connection.ops.sequence_reset_sql(no_style(), list(found.values())):
            with connection.cursor() as cursor:
                cursor.execute(statement)
    say(f"{sum(table.rows for table in said.tables.values())} rows restored and compared.")
    ContentType.objects.clear_cache()
    migrating.migrate(say)


def _compare(model: type[models.Model], count: int, digest: str) -> None:
    there = rows.digest_of(model, connection.alias)
    if (there.rows, there.hex) != (count, digest):
        raise Damaged(
            f"{model._meta.db_table} did not arrive as it was: {count} rows in the backup, {there.rows} here, or not "
            "the same content."
        )


@contextmanager
def _beside() -> Iterator[tuple[Path, Path]]:
    """Everything goes to a file beside the database of the settings until the end of the block."""
    described = connection.settings_dict
    place = Path(str(described["NAME"]))
    draft = place.with_name(f"{place.name}.restoring")
    _remove(draft)
    connection.close()
    described["NAME"] = str(draft)
    try:
        yield draft, place
    finally:
        connection.close()
        described["NAME"] = str(place)
        _remove(draft)


def _put_in_place(draft: Path, place: Path) -> Path | None:
    before = None
    if place.exists():
        before = place.with_name(f"{place.name}.before-restore")
        _remove(before)
        for end in ("-wal", "-shm", ""):  # what was not yet written into the file itself belongs to it
            path = place.with_name(place.name + end)
            if path.exists():
                path.rename(before.with_name(before.name + end))
    draft.chmod(0o600)
    os.replace(draft, place)  # noqa: PTH105
    return before


def _remove(path: Path) -> None:
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
