"""One command, two processes: starts web and worker, starts again what falls over, ends both together."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

from django.conf import settings

from dashboard.processes import reachable_host, web_command, worker_command

_READY_SECONDS = 90.0
_LONGEST_PAUSE = 30.0
_PR_SET_PDEATHSIG = 1


@dataclass
class _Child:
    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    falls: int = 0
    start_at: float = field(default=0.0)

    def start(self) -> None:
        self.started = time.monotonic()
        # A session of its own: Ctrl-C reaches the supervisor alone, which then ends both in order.
        self.process = subprocess.Popen(
            self.command, cwd=settings.BASE_DIR, start_new_session=True, preexec_fn=_die_with_parent
        )

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Supervisor:
    """`announce` is called once: with True when the web server answers and the worker has reported, with False when
    that takes too long or is cut short."""

    def __init__(self, *, announce: Callable[[bool], None], say: Callable[[str], None]) -> None:
        self._announce = announce
        self._say = say
        self._stopping = False
        self._children = [_Child("web", web_command()), _Child("worker", worker_command())]

    def run(self) -> int:
        """Runs until a signal asks to stop; the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        for child in self._children:
            child.start()
        announced = False
        began = time.monotonic()
        while not self._stopping:
            self._restart_the_fallen()
            if not announced and ((ready := _is_ready()) or time.monotonic() - began > _READY_SECONDS):
                announced = True
                self._announce(ready)
            time.sleep(0.2)
        if not announced:
            self._announce(False)
        self._say("\nStopping …")
        self._end()
        return 0

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def _restart_the_fallen(self) -> None:
        now = time.monotonic()
        for child in self._children:
            if child.alive:
                if child.falls and now - child.started > 60:
                    child.falls = 0
                continue
            if not child.start_at:
                code = child.process.returncode if child.process else None
                pause = min(_LONGEST_PAUSE, 0.5 * 2**child.falls)
                if code:  # without one it has ended by itself, as a worker does that has become too large
                    child.falls += 1
                child.start_at = now + pause
                self._say(f"The {child.name} process ended (code {code}). It starts again in {pause:g} s.")
            elif now >= child.start_at:
                child.start_at = 0.0
                child.start()

    def _end(self) -> None:
        for child in self._children:
            _send(child, signal.SIGTERM)
        deadline = time.monotonic() + 2 + max(5, settings.WEB_DRAIN_SECONDS, settings.WORKER_DRAIN_SECONDS)
        while any(child.alive for child in self._children) and time.monotonic() < deadline:
            time.sleep(0.05)
        for child in self._children:
            # The whole group, and also where the leader has ended: nothing of ours is left behind.
            if child.process:
                _kill_group(child.process.pid)
                child.process.wait()


def _is_ready() -> bool:
    try:
        with urllib.request.urlopen(f"http://{reachable_host()}:{settings.PORT}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _send(child: _Child, number: signal.Signals) -> None:
    if child.process and child.alive:
        child.process.send_signal(number)


def _kill_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
