"""From one file storage to another, beside a product that runs: each file is read back and compared."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.core.files.base import ContentFile
from django.core.files.storage import Storage

_EVERY = 500


@dataclass
class Moved:
    """`there`: files that the target had already, of the same size. `broken`: what did not come back as it was."""

    copied: int = 0
    there: int = 0
    bytes: int = 0
    vanished: int = 0
    broken: list[str] = field(default_factory=list)


def move(source: Storage, target: Storage, say: Callable[[str], object]) -> Moved:
    """Copies what the target lacks; nothing is removed from the source. Called again it goes on from there.

    Raises OSError where one of the two does not answer.
    """
    done = Moved()
    for number, path in enumerate(every_file(source), 1):
        if _is_there(source, target, path):
            done.there += 1
        elif (size := _copy(source, target, path)) is None:
            done.vanished += 1
        elif size < 0:
            done.broken.append(path)
        else:
            done.copied += 1
            done.bytes += size
        if number % _EVERY == 0:
            say(f"{number} files looked at, {done.copied} copied …")
    return done


def every_file(storage: Storage, folder: str = "") -> Iterator[str]:
    """Paths of all files, folder by folder, in order. Drafts of files that are being written are left out."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for file in sorted(files):
        if file and not file.startswith("."):
            yield posixpath.join(folder, file)
    for each in sorted(folders):
        yield from every_file(storage, posixpath.join(folder, each))


def sha256_of(storage: Storage, path: str) -> str:
    """Raises FileNotFoundError."""
    with storage.open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def _is_there(source: Storage, target: Storage, path: str) -> bool:
    try:
        return target.exists(path) and target.size(path) == source.size(path)
    except FileNotFoundError:
        return False


def _copy(source: Storage, target: Storage, path: str) -> int | None:
    """Bytes copied; None where the file has gone meanwhile, -1 where it did not come back as it was."""
    try:
        with source.open(path, "rb") as file:
            data = file.read()
    except FileNotFoundError:
        return None
    target.save(path, ContentFile(data))
    return len(data) if sha256_of(target, path) == hashlib.sha256(data).hexdigest() else -1
