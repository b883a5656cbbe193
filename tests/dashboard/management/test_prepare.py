"""`manage.py prepare` while the database is away: says why at once, waits no longer than it was told to."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import reachable
from tests.support.backups import environment
from tests.support.server import ROOT, free_port


@pytest.fixture
def nobody() -> str:
    return f"postgres://packshot:a-secret-of-ours@127.0.0.1:{free_port()}/packshot"


def lines(data_dir: Path, *arguments: str, **settings: str) -> Iterator[tuple[float, str]]:
    """Each line that it says, with the seconds since its start; the last one is its exit code."""
    began = time.monotonic()
    running = subprocess.Popen(
        [sys.executable, "manage.py", "prepare", *arguments],
        cwd=ROOT, env=environment(data_dir, **settings), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    end = threading.Timer(120, running.kill)
    end.start()
    try:
        assert running.stdout is not None
        for line in running.stdout:
            yield time.monotonic() - began, line.strip()
        yield time.monotonic() - began, str(running.wait())
    finally:
        end.cancel()
        running.kill()
        running.wait()
        if running.stdout:
            running.stdout.close()


def test_why_it_waits_is_said_at_once_and_the_end_is_the_one_that_was_asked_for(tmp_path: Path, nobody: str) -> None:
    (first, why), *_, (_, last), (ended, code) = lines(tmp_path, "--wait", "3", DATABASE_URL=nobody)
    assert "does not answer yet" in why
    assert "Connection refused" in why
    assert "Waiting for 3 s" in why
    assert "The database (DATABASE_URL) does not answer: " in last
    assert "Connection refused" in last
    assert code == "1"
    assert 2 <= ended - first <= 10
    assert "a-secret-of-ours" not in why + last


@pytest.mark.postgres
def test_one_that_is_there_but_lets_nobody_in_is_named(tmp_path: Path) -> None:
    address = f"{reachable.POSTGRES_URL.rpartition('/')[0]}/packshot_there_is_no_such_database"
    said = [line for _, line in lines(tmp_path, "--wait", "0", DATABASE_URL=address)]
    assert said[-1] == "1"
    assert "packshot_there_is_no_such_database" in said[-2]
    assert "does not exist" in said[-2]
