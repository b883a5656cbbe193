"""The product as its users run it: `manage.py serve` in a folder of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support import prepared
from tests.support.beside import Beside

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Server:
    """Start it with `start()`, end it with `stop()` (as Ctrl-C would) or `kill()` (as a power cut would)."""

    data_dir: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None
    _beside: Beside | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The child's environment: its own data folder, the engine that needs no model unless told otherwise."""
        inherited = {
            name: value
            for name, value in os.environ.items()
            if name not in {"DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "EMAIL_URL", "MODELS_DIR"}
        }
        own = {"DATA_DIR": str(self.data_dir), "PORT": str(self.port), "SEGMENTATION_MODEL": "grabcut"}
        return inherited | {"ENV_FILE": "", "MODELS_DIR": str(self.data_dir / "models")} | own | self.settings

    @property
    def log(self) -> Path:
        return self.data_dir / "server.log"

    def start(self, *, ready_within: float = 60) -> Server:
        """Returns once this very start has announced itself and answers: a server of before that is still ending
        may answer on the same port."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        prepared.copy_into(self.data_dir)
        before = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        deadline = time.monotonic() + ready_within
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended at its start:\n{self.log.read_text()}")
            if ANNOUNCED in self.log.read_bytes()[before:] and self.readiness()[0] == 200:
                return self
            time.sleep(0.1)
        said = f"not ready after {ready_within} s: {self.readiness()}\n{self.log.read_text()}"
        self.kill()
        raise AssertionError(said)

    def readiness(self) -> tuple[int, dict[str, Any]]:
        try:
            with urllib.request.urlopen(f"{self.base}/readyz", timeout=5) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)
        except OSError:
            return 0, {}

    def stop(self, *, within: float = 60) -> int:
        """Asks it to end, as Ctrl-C does; the exit code. `within`: seconds, which a busy machine needs more of."""
        assert self.process is not None
        self._end_beside()
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=within)

    def children(self) -> list[int]:
        """Process ids of web and worker, all generations."""
        assert self.process is not None
        found: list[int] = []
        waiting = [self.process.pid]
        while waiting:
            parent = waiting.pop()
            listing = subprocess.run(["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True)
            below = [int(pid) for pid in listing.stdout.split()]
            found += below
            waiting += below
        return found

    def kill(self) -> None:
        """kill -9 for the supervisor and everything below it, at once."""
        assert self.process is not None
        self._end_beside()
        pids = [self.process.pid, *self.children()]
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait(timeout=10)

    def manage(self, *arguments: str) -> str:
        """Runs a management command beside the server with nothing but its DATA_DIR (and what was set)."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def beside(self, code: str) -> str:
        """Runs `code` in a program beside the server that stays for the next piece; what it printed."""
        if self._beside is None:
            self._beside = Beside(self.environment, self.data_dir / "beside.log")
        return self._beside.run(code)

    def _end_beside(self) -> None:
        if self._beside:
            self._beside.stop()
            self._beside = None

    def organization(self, name: str = "Shop", *, credits: int = 1000) -> dict[str, str]:
        """A new organization with a live key: {"organization", "owner", "api_key"}; the password is `PASSWORD`."""
        return organization_made_by(self.beside, name, credits)


def organization_made_by(beside: Callable[[str], str], name: str, credits: int) -> dict[str, str]:
    """By the operator's command, run in the program `beside` the product."""
    wanted = [
        "create_organization", name, "--owner", f"owner-{name.lower()}@example.com", "--password", PASSWORD,
        "--credits", str(credits), "--api-key", "--json",
    ]  # fmt: skip
    code = f"from django.core.management import call_command\ncall_command(*{wanted!r})"
    answer: dict[str, str] = json.loads(beside(code))
    return answer


NO_LIMITS_BY_ADDRESS = {
    "RATE_LIMIT_IP_PER_MINUTE": "1000000",
    "RATE_LIMIT_FAILED_AUTH_PER_HOUR": "1000000",
}
ANNOUNCED = b"Ctrl-C stops it"
PASSWORD = "a good password 1"
