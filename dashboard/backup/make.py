"""Making a backup beside a product that runs."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection
from django.utils import timezone

from dashboard.backup import files, keys, manifest, rows, schema
from dashboard.backup.snapshot import applied_migrations, snapshot, tables
from processing.models import Blob

_ROWS = "rows"


class StoreInUse(Exception):
    """Another backup is being made, or read, in the same folder."""


@dataclass
class Made:
    """`lost`: images of the backup that the storage has lost. `removed`: older backups that had to go."""

    folder: Path
    manifest: manifest.Manifest
    new: int
    new_bytes: int
    lost: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


def make(
    store: Path, *, with_keys: bool, passphrase: str, with_files: bool, reread: bool, say: Callable[[str], object]
) -> Made:
    """A new backup in the folder. It has its name once it is whole; what an interrupted one left goes first.

    Images are copied before the rows are read and once more after, so that none that a row of the backup names is
    swept away in between. Raises StoreInUse, schema.NotUpToDate, OSError.
    """
    schema.refuse_waiting_migrations()
    store.mkdir(parents=True, mode=0o700, exist_ok=True)
    with held(store):
        for left in store.glob(f"{manifest.DRAFT}*"):
            shutil.rmtree(left)
        name = _free_name(store)
        draft = store / f"{manifest.DRAFT}{name}"
        draft.mkdir(mode=0o700)
        try:
            made = _fill(store, draft, with_keys, passphrase, with_files, reread, say)
            os.sync()
            draft.rename(store / name)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        made.folder = store / name
        return made


def keep_newest(store: Path, number: int) -> list[str]:
    """Removes backups beyond so many, and the images that no other has; the names of what is gone."""
    with held(store):
        found = manifest.backups(store)
        old = found[:-number]
        for each in old:
            # Out of the list first: one that is half removed must not look like a backup.
            gone = each.rename(store / f"{manifest.DRAFT}old-{each.name}")
            shutil.rmtree(gone)
        lists = [each / files.LIST for each in found[-number:]]
        files.remove_unlisted(store, [each for each in lists if each.exists()])
        return [each.name for each in old]


@contextmanager
def held(store: Path) -> Iterator[None]:
    """One at a time in a folder; nobody writes to one that can only be read. Raises StoreInUse."""
    if not os.access(store, os.W_OK):
        yield
        return
    with (store / ".lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreInUse(f"Another backup or restore is at work in {store}.") from None
        yield


def _fill(
    store: Path,
    draft: Path,
    with_keys: bool,
    passphrase: str,
    with_files: bool,
    reread: bool,
    say: Callable[[str], object],
) -> Made:
    copied = files.Copied()
    if with_files:
        say("Copying images …")
        copied = files.copy_all(store, draft, reread=reread)
    found = manifest.Manifest(
        product=manifest.product_version(),
        made_at=timezone.now().isoformat(timespec="seconds"),
        database=connection.vendor,
        migrations=[],
        with_files=with_files,
    )
    (draft / _ROWS).mkdir(mode=0o700)
    say("Reading the database …")
    with snapshot() as alias:
        found.migrations = applied_migrations(alias)
        for model in tables():
            table = model._meta.db_table
            found.tables[table] = rows.write(model, alias, draft / _ROWS / f"{table}.jsonl.gz")
        found.files, found.bytes = files.write_list(alias, draft / files.LIST)
    found.files_sha256 = manifest.file_sha256(draft / files.LIST)
    if with_files:
        found.absent = sorted(files.copy_listed(store, draft, copied))
    found.keys = keys.described(draft, included=with_keys, passphrase=passphrase)
    manifest.write(draft, found)
    return Made(draft, found, copied.new, copied.new_bytes, lost=[path for path in found.absent if _has_row(path)])


def _has_row(path: str) -> bool:
    """Not one that was deleted in these moments."""
    organization, _, sha256 = path.split("/")
    return Blob.unscoped.filter(organization_id=organization, sha256=sha256).exists()


def _free_name(store: Path) -> str:
    name = base = timezone.now().strftime("%Y-%m-%dT%H-%M-%SZ")
    number = 1
    while (store / name).exists():
        number += 1
        name = f"{base}-{number}"
    return name
