"""Whether rows and files agree."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.core.files.storage import Storage

from processing.models import Blob


@dataclass
class Agreement:
    """Paths: `missing` has a row and no file, `changed` a file whose bytes are not what its name says."""

    rows: int = 0
    bytes: int = 0
    missing: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


def agreement(storage: Storage, *, read: bool) -> Agreement:
    """Of every blob. `read`: also reads each file and compares its hash, which takes as long as reading it all."""
    found = Agreement()
    for blob in Blob.unscoped.order_by("pk").iterator(chunk_size=1000):
        found.rows += 1
        found.bytes += blob.bytes
        if not read:
            if not storage.exists(blob.path):
                found.missing.append(blob.path)
            continue
        try:
            with storage.open(blob.path, "rb") as file:
                if hashlib.sha256(file.read()).hexdigest() != blob.sha256:
                    found.changed.append(blob.path)
        except FileNotFoundError:
            found.missing.append(blob.path)
    return found


def without_row(paths: Iterator[str]) -> Iterator[str]:
    """Those of `paths` that are content-addressed (organization/ab/abcd…) and have no blob: left by a crash."""
    for path in paths:
        parts = path.split("/")
        if len(parts) != 3 or len(parts[1]) != 2:
            continue
        sha256 = parts[2].partition(".")[0]
        if len(sha256) != 64 or not sha256.startswith(parts[1]):
            continue
        if not Blob.unscoped.filter(organization_id=parts[0], sha256=sha256).exists():
            yield path
