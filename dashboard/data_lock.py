"""One at a time on a data folder: the running product, or a command that must not run beside it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class DataFolderInUse(Exception):
    """Somebody else holds it; the text is a sentence."""


@contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Held until the block ends, or the process does. Raises DataFolderInUse."""
    path = folder / "serve.lock"
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DataFolderInUse(f"Packshot is already running with the data folder {folder}.") from None
        os.truncate(path, 0)
        file.write(str(os.getpid()))
        file.flush()
        yield
