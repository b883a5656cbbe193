"""The images of all backups of a folder: each once, under the path that it has in the file storage.

Lists of them are sorted, so that lists and folders are compared side by side without holding either in memory.
"""

from __future__ import annotations

import hashlib
import heapq
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import Storage, default_storage

from dashboard.backup.manifest import file_sha256, lines
from processing.actions.move_files import sha256_of
from processing.models import Blob

LIST = "files.txt"
_PIECE = 1_000_000
_AT_ONCE = 1_000


@dataclass
class Copied:
    """`there`: had from an earlier backup. `lost`: have a row, and no file or other bytes than its name says."""

    new: int = 0
    there: int = 0
    new_bytes: int = 0
    lost: list[str] = field(default_factory=list)


def copy_all(store: Path, draft: Path, *, reread: bool) -> Copied:
    """What the storage holds now, ahead of the snapshot: what is deleted between the two has its copy already.

    Half an image stands in `draft`, the folder of the backup that is being made, and goes with it.
    """
    done = Copied()
    last = 0
    while some := list(Blob.unscoped.filter(pk__gt=last).order_by("pk")[:_AT_ONCE]):
        last = some[-1].pk
        for blob in some:
            _take(store, draft, blob.path, blob.bytes, done, reread=reread)
    return done


def copy_listed(store: Path, draft: Path, done: Copied) -> list[str]:
    """What has come between the first copy and the snapshot; the paths on the list that nobody has."""
    late = Copied()
    for path, size in entries(draft / LIST):
        _take(store, draft, path, size, late, reread=False)
    done.new += late.new
    done.new_bytes += late.new_bytes
    return late.lost


def write_list(using: str, path: Path) -> tuple[int, int]:
    """How many images the snapshot has, and their bytes."""
    count = size = 0
    with path.open("w") as file:
        blobs = Blob.unscoped.using(using).order_by("organization_id", "sha256")
        for blob in blobs.only("organization_id", "sha256", "bytes").iterator(chunk_size=2000):
            file.write(f"{blob.path} {blob.bytes}\n")
            count += 1
            size += blob.bytes
    path.chmod(0o600)
    return count, size


def entries(listed: Path) -> Iterator[tuple[str, int]]:
    """Path and bytes of each image on a list."""
    for line in lines(listed):
        path, _, size = line.rpartition(" ")
        yield path, int(size)


def give_back(store: Path, path: str, storage: Storage) -> bool:
    """Puts the image into the storage, unless those very bytes are there; whether it did."""
    source = store / "files" / path
    try:
        if storage.exists(path) and sha256_of(storage, path) == path.rpartition("/")[2]:
            return False
    except FileNotFoundError:
        pass  # gone since
    with source.open("rb") as file:
        storage.save(path, File(file))
    return True


def is_whole(store: Path, path: str) -> bool:
    """Whether the image's copy is there and the bytes that its name says."""
    try:
        return file_sha256(store / "files" / path) == path.rpartition("/")[2]
    except FileNotFoundError:
        return False


def remove_unlisted(store: Path, lists: list[Path]) -> int:
    """Removes images that are on none of the lists; how many."""
    wanted = heapq.merge(*((path for path, _ in entries(each)) for each in lists))
    removed = 0
    current = next(wanted, None)
    for path in _every(store / "files"):
        while current is not None and current < path:
            current = next(wanted, None)
        if path != current:
            (store / "files" / path).unlink()
            removed += 1
    return removed


def _every(root: Path) -> Iterator[str]:
    """Paths in the order of the lists."""
    for organization in sorted(root.iterdir()) if root.is_dir() else ():
        for shelf in sorted(organization.iterdir()):
            for file in sorted(shelf.iterdir()):
                yield f"{organization.name}/{shelf.name}/{file.name}"


def _take(store: Path, draft: Path, path: str, size: int, done: Copied, *, reread: bool) -> None:
    target = store / "files" / path
    if _has(target, size) and (not reread or is_whole(store, path)):
        done.there += 1
        return
    for folder in reversed(target.relative_to(store).parents[:-1]):
        (store / folder).mkdir(mode=0o700, exist_ok=True)
    half = draft / "half"
    digest = hashlib.sha256()
    try:
        with (
            default_storage.open(path, "rb") as source,
            os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file,
        ):
            while piece := source.read(_PIECE):
                digest.update(piece)
                file.write(piece)
        if digest.hexdigest() != target.name:
            done.lost.append(path)
            return
        half.rename(target)
    except FileNotFoundError:
        done.lost.append(path)
        return
    finally:
        half.unlink(missing_ok=True)
    done.new += 1
    done.new_bytes += size


def _has(target: Path, size: int) -> bool:
    try:
        return target.stat().st_size == size
    except FileNotFoundError:
        return False
