"""MODELS_DIR while it is written to: by one process at a time, and never with half a file in it."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from processing.engines import records
from processing.engines.digests import Digest
from processing.engines.errors import FolderNotWritable

Say = Callable[[str], None]

_DRAFTS = ".fetch-"


@contextmanager
def opened(models_dir: Path, say: Say) -> Iterator[Path]:
    """A folder for drafts inside MODELS_DIR, gone at the end; waits while another process has one.

    Raises FolderNotWritable, also for what goes wrong with the disk while it is open.
    """
    try:
        models_dir.mkdir(parents=True, exist_ok=True)
        with (models_dir / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("Waiting for another process that is fetching a model …")
                fcntl.flock(lock, fcntl.LOCK_EX)
            for left_over in models_dir.glob(f"{_DRAFTS}*"):
                shutil.rmtree(left_over, ignore_errors=True)
            with tempfile.TemporaryDirectory(dir=models_dir, prefix=_DRAFTS) as drafts:
                yield Path(drafts)
    except OSError as error:
        raise FolderNotWritable(f"The folder {models_dir} cannot be written to: {error.strerror or error}.") from error


def put(draft: Path, target: Path, digest: Digest, *, origin: str, known: bool) -> None:
    """Moves a finished and checked draft to its place, in one step, and records it."""
    with draft.open("rb") as content:
        os.fsync(content.fileno())
    size = draft.stat().st_size
    draft.replace(target)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    records.write(target.parent, target.name, records.Record(digest.sha256, size, origin, known, now))
