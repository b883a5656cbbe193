"""A PostgreSQL cluster of a test's own, to be stopped and started while others go on with theirs."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.support.server import free_port

_USER = "postgres"


@dataclass
class OwnPostgres:
    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"postgres://{_USER}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        wanted = {"listen_addresses": "127.0.0.1", "unix_socket_directories": self.folder, "fsync": "off"}
        options = f"-p {self.port} " + " ".join(f"-c {name}={value}" for name, value in wanted.items())
        _run("pg_ctl", "-D", str(self.folder / "data"), "-l", str(self.folder / "log"), "-w", "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        """`immediate`: as a power cut, with a recovery at the next start."""
        _run("pg_ctl", "-D", str(self.folder / "data"), "-m", mode, "-w", "stop")

    def cut_all(self) -> int:
        """Ends every connection but its own; how many there were."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            cut = connection.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
            ).fetchone()
        assert cut is not None
        return int(cut[0])


@contextlib.contextmanager
def own_postgres() -> Iterator[OwnPostgres]:
    # Not below pytest's folder, which is closed to the user that PostgreSQL insists on.
    folder = Path(tempfile.mkdtemp(prefix="packshot-postgres-"))
    try:
        if os.geteuid() == 0:
            found = pwd.getpwnam(_USER)
            os.chown(folder, found.pw_uid, found.pw_gid)
        _run("initdb", "-D", str(folder / "data"), "-U", _USER, "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
        one = OwnPostgres(folder, free_port())
        one.start()
        try:
            yield one
        finally:
            with contextlib.suppress(subprocess.CalledProcessError):
                one.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(name: str, *arguments: str) -> None:
    as_user = ["setpriv", f"--reuid={_USER}", f"--regid={_USER}", "--clear-groups"] if os.geteuid() == 0 else []
    done = subprocess.run([*as_user, _tool(name), *arguments], capture_output=True, text=True, cwd="/", timeout=90)
    done.check_returncode() if done.returncode == 0 else _told(name, done)


def _told(name: str, done: subprocess.CompletedProcess[str]) -> None:
    print(f"{name}: {done.stdout}{done.stderr}")
    done.check_returncode()


def _tool(name: str) -> str:
    """On the path, else where Debian keeps those of each version."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = shutil.which(name) or (str(versions[-1]) if versions else None)
    assert found, f"{name} is not installed (Debian: apt install postgresql)"
    return found
