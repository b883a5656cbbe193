"""Servers of one process that take part: started, waited for, ended."""

from __future__ import annotations

import os
import subprocess
import time
import urllib.error
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.speed.contestant import Contestant, Send
from tests.benchmarks.unique_photos import photos
from tests.support.server import ROOT


class NotThere(Exception):
    """A contestant cannot take part; says why in a sentence."""


def start(
    name: str,
    title: str,
    command: list[str],
    send: Callable[[bytes], bytes],
    *,
    address: str,
    environment: dict[str, str],
    log: Path,
) -> Contestant:
    """A contestant that is one process. It is not warm yet."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | environment, stdout=output, stderr=output, start_new_session=True
        )

    def stop() -> None:
        process.kill()
        process.wait()

    return Contestant(name, title, address, send, pids=lambda: [process.pid], worker=lambda: process.pid, stop=stop)


def warm(contestant: Contestant, log: Path, *, within: float = 180) -> None:
    """Sends a small photo until it is answered. Raises NotThere."""
    photo = next(photos(0.3, 1, seed=99))
    deadline = time.monotonic() + within
    while not _answered(contestant.send, photo, log):
        if time.monotonic() > deadline:
            raise NotThere(f"It did not start within {within:g} s: {_end_of(log)}")
        time.sleep(0.3)


def _answered(send: Send, photo: bytes, log: Path) -> bool:
    try:
        send(photo)
    except urllib.error.HTTPError as error:
        raise NotThere(f"It answers {error.code}: {error.read()[:300]!r} {_end_of(log)}") from None
    except OSError:
        return False
    return True


def _end_of(log: Path) -> str:
    return log.read_text(errors="replace")[-600:].strip() if log.exists() else ""
