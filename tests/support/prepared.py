"""A migrated database made once for this state of the migrations; the databases of the tests begin as copies of it.

Running every migration takes five seconds, copying what came of it none. Each process still migrates its copy: there
is nothing left to do, unless a migration was written that this file does not know of.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAME = "packshot.sqlite3"


@cache
def database() -> Path:
    """The file; made now where this is the first to ask, on this machine, for these migrations."""
    folder = Path(tempfile.gettempdir()) / f"packshot-prepared-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / f"{_digest()}.sqlite3"
    with (folder / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of two test processes only one makes it
        if not file.exists():
            _make(file)
    return file


def copy_into(data_dir: Path) -> None:
    """For a data folder that has no database yet."""
    if not (data_dir / NAME).exists():
        shutil.copy(database(), data_dir / NAME)


def _digest() -> str:
    found = hashlib.sha256()
    for name in ("django", "django-allauth"):
        found.update(f"{name} {version(name)}".encode())
    for path in sorted(ROOT.glob("*/migrations/*.py")):
        found.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return found.hexdigest()[:20]


def _make(file: Path) -> None:
    not_here = {"DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "STORAGE_URL"}
    environment = {name: value for name, value in os.environ.items() if name not in not_here}
    with tempfile.TemporaryDirectory(dir=file.parent) as data_dir:
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity=0"],
            cwd=ROOT,
            env=environment | {"ENV_FILE": "", "DATA_DIR": data_dir},
            check=True,
        )
        os.replace(Path(data_dir) / NAME, file)
