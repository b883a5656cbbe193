"""Backups made and restored by programs of their own, each with the settings of an installation."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.support.beside import Beside
from tests.support.server import ROOT


def environment(data_dir: Path, **settings: str) -> dict[str, str]:
    own = {"ENV_FILE": "", "DATA_DIR": str(data_dir), "SEGMENTATION_MODEL": "grabcut", "EMAIL_URL": "dummymail://"}
    return {"PATH": os.environ["PATH"]} | own | settings


def managed(command: str, data_dir: Path, *arguments: object, refused: str = "", **settings: str) -> str:
    """What the command said; `refused`: it must fail with these words."""
    done = subprocess.run(
        [sys.executable, "manage.py", command, *map(str, arguments)],
        cwd=ROOT, env=environment(data_dir, **settings), capture_output=True, text=True, timeout=900,
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert (done.returncode != 0) == bool(refused), said
    assert refused in said
    return said


def look(data_dir: Path, code: str, **settings: str) -> str:
    """What the code prints there."""
    there = Beside(environment(data_dir, **settings), data_dir / "look.log")
    try:
        return there.run(code)
    finally:
        there.stop()
