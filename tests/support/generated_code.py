"""Runs the code that the API tester writes, as a person would who pastes it into a file."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

LANGUAGES = ("curl", "Python", "JavaScript", "PHP")
_RUN = {
    "curl": ("call.sh", ["sh", "call.sh"]),
    "Python": ("call.py", [sys.executable, "call.py"]),
    "JavaScript": ("call.mjs", ["node", "call.mjs"]),
    "PHP": ("call.php", ["php", "call.php"]),
}


def run(language: str, code: str, folder: Path) -> str:
    """What it printed. Unchanged, but for curl, which does not show the status of an answer."""
    name, command = _RUN[language]
    (folder / "answer-image").unlink(missing_ok=True)
    (folder / name).write_text(code, encoding="utf-8")
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=60)
    said = done.stdout.decode()
    assert done.returncode == 0, f"{language}: {done.stderr.decode()}\n{said}\n{code}"
    return said


def answer_of(language: str, code: str, folder: Path) -> str:
    """The body that came back; asserts a status of 2xx where the code prints it."""
    said = run(language, code, folder)
    if language == "curl":
        return said
    status, _, body = said.partition("\n")
    assert re.fullmatch(r"2\d\d", status), f"{language}: {said}\n{code}"
    return body
