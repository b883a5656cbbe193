"""One command, two processes: starts, answers, survives the fall of one of them, ends cleanly, starts again quickly."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.server import Server


@pytest.mark.slow
def test_the_life_of_a_server(tmp_path: Path) -> None:
    server = Server(tmp_path).start()
    try:
        said = _said(server, "Ctrl-C stops it")
        assert f"http://127.0.0.1:{server.port}" in said
        assert "demo@example.com" in said
        assert said.count("ps_live_") == 1
        state = server.readiness()[1]
        assert (state["database"], state["queue"], state["worker"], state["model"]) == ("ok", "ok", "ok", "grabcut")

        refused = _start_and_read(Server(tmp_path))
        assert "already running" in refused
        elsewhere = Server(tmp_path / "other", port=server.port)
        assert f"Port {server.port} is taken" in _start_and_read(elsewhere)

        worker = next(pid for pid in server.children() if "celery" in _command(pid))
        os.kill(worker, signal.SIGKILL)
        deadline = time.monotonic() + 40
        while time.monotonic() < deadline:
            pids = [pid for pid in server.children() if "celery" in _command(pid)]
            if pids and worker not in pids and server.readiness()[0] == 200:
                break
            time.sleep(0.2)
        else:
            raise AssertionError("the worker did not come back")

        children = server.children()
        assert server.stop(within=10) == 0
        assert not [pid for pid in children if "packshot" in _command(pid) or "celery" in _command(pid)]

        began = len(server.log.read_text())
        server.start()
        again = _said(server, "Ctrl-C stops it", after=began)
        assert "Fetching" not in again
        assert "ps_live_" not in again

        # The supervisor alone is killed: what it started ends by itself, and the next start finds the port free.
        assert server.process is not None
        children = server.children()
        server.process.kill()
        server.process.wait()
        server.start()
        _until(lambda: not [pid for pid in children if "gunicorn" in _command(pid) or "celery" in _command(pid)])
    finally:
        if server.process and server.process.poll() is None:
            server.stop()


@pytest.mark.slow
def test_ctrl_c_in_the_middle_of_a_photo(tmp_path: Path) -> None:
    """It ends in time, the photo is back in the queue without a loss, and the next start takes it up."""
    server = Server(tmp_path, {"JOB_LEASE_SECONDS": "600"}).start()
    try:
        server.manage("shell", "-c", _SUBMIT)
        _until(lambda: _photo(tmp_path)[0] == "running")
        assert server.stop(within=10) == 0
        assert _photo(tmp_path) in [("queued", 0), ("succeeded", 0)]
        assert _rows(tmp_path, "SELECT count(*) FROM processing_worker") == [(0,)]
        server.start()
        _until(lambda: _photo(tmp_path)[0] == "succeeded")
    finally:
        if server.process and server.process.poll() is None:
            server.stop()


def test_settings_that_cannot_work_are_one_sentence(tmp_path: Path) -> None:
    assert "SEGMENTATION_MODEL is 'nonsense'" in _start_and_read(Server(tmp_path, {"SEGMENTATION_MODEL": "nonsense"}))
    assert "HOST is 'nowhere.invalid'" in _start_and_read(Server(tmp_path, {"HOST": "nowhere.invalid"}))
    assert "Cannot listen on 192.0.2.1" in _start_and_read(Server(tmp_path, {"HOST": "192.0.2.1"}))


_SUBMIT = """
from tests.support.cast import make_cast
from tests.support.photos import product_photo
from processing.actions.assets import save_upload
from processing.actions.submit import Request, submit
alice = make_cast().alice
submit(alice, Request(sources=[save_upload(alice, data=product_photo(size=(3000, 2400)), name="a.jpg")]))
"""


def _rows(data_dir: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(data_dir / "packshot.sqlite3", timeout=10)) as database:
        return database.execute(query).fetchall()


def _photo(data_dir: Path) -> tuple[object, ...]:
    return _rows(data_dir, "SELECT status, losses FROM processing_jobimage")[0]


def _until(true: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _said(server: Server, words: str, *, after: int = 0) -> str:
    """What the server has printed since `after`, once these words are among it."""
    _until(lambda: words in server.log.read_text()[after:])
    return server.log.read_text()[after:]


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except FileNotFoundError:
        return ""


def _start_and_read(server: Server) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", "serve"], env=server.environment, capture_output=True, text=True, timeout=30,
        cwd=Path(__file__).resolve().parents[2],
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert "Traceback" not in said
    return said
