"""The product as it runs on several machines: PostgreSQL, a Redis and an S3 store of its own, web servers and workers.

Everything on free ports of this machine, started and ended by the test that asks for it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from cryptography.fernet import Fernet

from tests.support import reachable
from tests.support.beside import Beside
from tests.support.server import NO_LIMITS_BY_ADDRESS, ROOT, free_port

BUCKET = "packshot"


@dataclass
class Part:
    """One process, to be killed and started again under the same name."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> Part:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        return self

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self, number: int = signal.SIGKILL) -> None:
        """The whole group: gunicorn and its web processes too."""
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
        self.process.wait(timeout=120)

    def end(self, *, within: float = 60) -> int:
        """SIGTERM to the process alone, as an operator's tools do; its exit code."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(timeout=within)


@dataclass
class Fleet:
    folder: Path
    database: str
    settings: dict[str, str] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    redis_port: int = field(default_factory=free_port)
    store_port: int = field(default_factory=free_port)
    _beside: Beside | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What every machine shares, and this test's own DATA_DIR."""
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return (
            inherited
            | NO_LIMITS_BY_ADDRESS
            | {
                "ENV_FILE": "",
                "DATA_DIR": str(self.folder / "data"),
                "PORT": str(self.port),
                "BASE_URL": self.base,
                "DATABASE_URL": self.database,
                "CELERY_BROKER_URL": f"redis://127.0.0.1:{self.redis_port}/0",
                "REDIS_URL": f"redis://127.0.0.1:{self.redis_port}/1",
                "STORAGE_URL": f"s3://key:secret@127.0.0.1:{self.store_port}/{BUCKET}?tls=0&region=us-east-1",
                "SECRET_KEY": "the same on every machine, and long enough to be one 0123456789",
                "FIELD_ENCRYPTION_KEYS": _FERNET,
                "SEGMENTATION_MODEL": "grabcut",
                "EMAIL_URL": "dummymail://",
                "LOG_FORMAT": "json",
                "JOB_LEASE_SECONDS": "4",
                "WEB_DRAIN_SECONDS": "5",
            }
            | self.settings
        )

    def part(self, name: str, *arguments: str, nice: int | str = 0, **settings: str) -> Part:
        """A process of the product: part("web", "web"), part("images", "worker", WORKER_QUEUES="cpu")."""
        own = self.environment | {"DATA_DIR": str(self.folder / name)} | settings
        behind = ["nice", "-n", str(nice)] if nice else []
        return self._start(name, [*behind, sys.executable, "manage.py", *arguments], own)

    def redis(self) -> Part:
        """Keeps what it holds over a restart, as the documentation asks for."""
        folder = self.folder / "redis"
        folder.mkdir(exist_ok=True)
        command = [
            *("redis-server", "--port", str(self.redis_port), "--bind", "127.0.0.1", "--dir", str(folder)),
            *("--save", "", "--appendonly", "yes"),
        ]
        part = self._start("redis", command, dict(os.environ))
        wait_for(lambda: _answers(self.redis_port), "Redis")
        return part

    def store(self) -> Part:
        """An S3 server; it keeps its files in memory, so they are gone when it is killed: pause it instead, or shut a
        door in front of it (tests/support/door.py)."""
        command = [sys.executable, "-m", "moto.server", "-p", str(self.store_port)]
        part = self._start("store", command, dict(os.environ))
        wait_for(lambda: _answers(self.store_port), "the S3 store")
        return part

    def prepare(self) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", "prepare"],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def ready(self, *, within: float = 90) -> None:
        """Returns once `/readyz` says that every part is there."""
        wait_for(self._is_ready, "the product", within=within, why=self.logs)

    def beside(self, code: str) -> str:
        """Runs `code` in a program with the product's settings; what it printed."""
        if self._beside is None:
            (self.folder / "data").mkdir(exist_ok=True)
            self._beside = Beside(self.environment, self.folder / "beside.log")
        return self._beside.run(code)

    def logs(self) -> str:
        return "\n".join(f"--- {log.name}\n{log.read_text()[-3000:]}" for log in sorted(self.folder.glob("*.log")))

    def end(self) -> None:
        for part in reversed(self.parts.values()):
            if part.alive:
                part.kill()
        if self._beside:
            self._beside.stop()

    def _start(self, name: str, command: list[str], environment: dict[str, str]) -> Part:
        self.parts[name] = Part(name, command, environment, self.folder / f"{name}.log")
        return self.parts[name].start()

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.base}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


def wait_for(
    true: Callable[[], object], what: str, *, within: float = 180, why: Callable[[], str] = lambda: ""
) -> None:
    end = time.monotonic() + within
    while not true():
        assert time.monotonic() < end, f"{what} was not there within {within:g} s\n{why()}"
        time.sleep(0.05)


@contextlib.contextmanager
def fleet(
    folder: Path, *, postgres: str = reachable.POSTGRES_URL, store_port: int | str = 0, **settings: str
) -> Iterator[Fleet]:
    """With its database, Redis, store and bucket; the test starts the product's parts. `postgres`: the server.

    With a STORAGE_URL of its own no store is started, unless with a `store_port` (for a door in front of it); an empty
    one is the folder `files` of DATA_DIR.
    """
    name = f"packshot_fleet_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    one = Fleet(folder, postgres.rpartition("/")[0] + f"/{name}", settings, store_port=int(store_port) or free_port())
    try:
        one.redis()
        if store_port or "STORAGE_URL" not in settings:
            one.store()
        one.prepare()
        yield one
    finally:
        one.end()
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


_FERNET = Fernet.generate_key().decode()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
