"""A program beside a running server, with its settings, that runs code as it comes.

A program of its own for each piece would take two seconds to start. Run as `python -m tests.support.beside`: it reads
one line of JSON after the other and answers with one.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Mapping
from contextlib import redirect_stdout
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Beside:
    """Starts with the first piece of code; `stop()` ends it."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self._environment = dict(environment)
        self._log = log
        self._process: subprocess.Popen[str] | None = None

    def run(self, code: str) -> str:
        """What it printed. Raises AssertionError with the trace of what it raised."""
        if self._process is None:
            with self._log.open("a") as log:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "tests.support.beside"],
                    cwd=ROOT,
                    env=self._environment,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    text=True,
                )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(code) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"the program beside the server has ended:\n{self._log.read_text()[-4000:]}"
        answer = json.loads(line)
        assert not answer["error"], answer["error"]
        said: str = answer["said"]
        return said

    def stop(self) -> None:
        if self._process is None:
            return
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=60)
        self._process = None


def _main() -> None:
    answers = os.fdopen(os.dup(1), "w")  # nothing else may come between the answers
    os.dup2(2, 1)
    os.environ["DJANGO_SETTINGS_MODULE"] = "dashboard.settings"
    import django

    django.setup()
    for line in sys.stdin:
        said, error = io.StringIO(), ""
        try:
            with redirect_stdout(said):
                exec(json.loads(line), {"__name__": "beside"})
        except BaseException:  # noqa: BLE001  (the test that sent it shows it)
            error = traceback.format_exc()
        _leave_nothing()
        answers.write(json.dumps({"said": said.getvalue(), "error": error}) + "\n")
        answers.flush()


def _leave_nothing() -> None:
    """As if the program ended here: its connections are closed, and what it has in memory is forgotten."""
    from django.conf import settings
    from django.core.cache import cache
    from django.db import connections

    if not settings.REDIS_URL:
        cache.clear()
    connections.close_all()


if __name__ == "__main__":
    _main()
