"""This product as a contestant: its whole HTTP API, with accounts, database, queue and storage, in two shapes.

embedded: `manage.py serve` with SQLite and the queue in its data folder. postgresql: gunicorn with two processes and a
worker, with PostgreSQL and Redis.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.benchmarks.speed import posting, processes
from tests.benchmarks.speed.contestant import Contestant, Send
from tests.benchmarks.speed.started import NotThere
from tests.support import reachable
from tests.support.server import NO_LIMITS_BY_ADDRESS, ROOT, Server

FIELDS = {"format": "png", "background": "transparent"}
_WEB_PROCESSES, _WEB_THREADS = 2, 16
_QUERY = (
    "SELECT j.created_at, i.started_at, i.finished_at, i.steps, i.runtime FROM processing_job j "
    "JOIN processing_jobimage i ON i.job_id = j.id ORDER BY j.id DESC LIMIT 1"
)


@dataclass
class Packshot(Contestant):
    """`send` is of an organization that does not want its images judged: that comes after the answer, and would run in
    somebody else's turn. `send_judged` is of one that does. `last_job`: created, started, finished (seconds of the
    epoch), its steps as JSON and the runtime, of the newest job."""

    send_judged: Send = bytes
    last_job: Callable[[], tuple[float, float, float, str, str]] = lambda: (0, 0, 0, "[]", "")


def embedded(models_dir: Path, folder: Path, runtime: str) -> Packshot:
    server = Server(folder, _settings(models_dir, runtime))
    try:
        server.start(ready_within=180)
    except AssertionError as error:
        raise NotThere(str(error)[-600:]) from None
    except BaseException:  # stopped while it started
        server.kill()
        raise
    keys = _keys(server)

    def stop() -> None:
        server.kill()

    def last_job() -> tuple[float, float, float, str, str]:
        found = sqlite3.connect(f"file:{folder / 'packshot.sqlite3'}?mode=ro", uri=True)
        query = _QUERY
        for name in ("j.created_at", "i.started_at", "i.finished_at"):
            query = query.replace(name, f"(julianday({name}) - 2440587.5) * 86400.0", 1)
        with found:
            row: tuple[float, float, float, str, str] = found.execute(query).fetchone()
        found.close()
        return row

    assert server.process is not None
    return _contestant(_name("embedded", runtime), server, keys, server.process.pid, stop, last_job)


def postgresql(models_dir: Path, folder: Path, runtime: str) -> Packshot:
    if not (reachable.postgres() and reachable.redis()):
        raise NotThere("PostgreSQL or Redis is not reachable.")
    name = f"packshot_bench_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(reachable.POSTGRES_URL, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    url = reachable.POSTGRES_URL.rpartition("/")[0] + f"/{name}"
    stores = {"DATABASE_URL": url, "REDIS_URL": reachable.REDIS_URL, "CELERY_BROKER_URL": reachable.REDIS_URL}
    folder.mkdir(parents=True, exist_ok=True)
    server = Server(folder, _settings(models_dir, runtime) | stores)
    group: subprocess.Popen[bytes] | None = None

    def stop() -> None:
        if group is not None:
            for pid in [*processes.below(group.pid), group.pid]:
                subprocess.run(["kill", "-9", str(pid)], check=False, capture_output=True)
            group.wait()
        with psycopg.connect(reachable.POSTGRES_URL, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def last_job() -> tuple[float, float, float, str, str]:
        query = _QUERY.replace("i.steps", "i.steps::text")
        with psycopg.connect(url) as connection:
            row = connection.execute(query).fetchone()
        assert row is not None
        return row[0].timestamp(), row[1].timestamp(), row[2].timestamp(), row[3], row[4]

    try:
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
        subprocess.run(migrate, cwd=ROOT, env=server.environment, check=True, timeout=600)
        keys = _keys(server)
        group = _group(server)
        _wait(server)
    except (AssertionError, NotThere, subprocess.SubprocessError) as error:
        stop()
        raise NotThere(str(error)[-600:]) from None
    except BaseException:
        stop()
        raise
    return _contestant(_name("postgresql", runtime), server, keys, group.pid, stop, last_job)


def _keys(server: Server) -> tuple[str, str]:
    """Of an organization whose images are not judged, and of one whose are."""
    quiet, judged = server.organization("Quiet", credits=1_000_000), server.organization("Judged", credits=1_000_000)
    server.beside(
        "from accounts.models import Organization\nfrom processing.models import ComplianceDefault\n"
        "ComplianceDefault.unscoped.create(organization=Organization.objects.get(name='Quiet'), profile='')"
    )
    return quiet["api_key"], judged["api_key"]


def _group(server: Server) -> subprocess.Popen[bytes]:
    """gunicorn and the worker below one shell."""
    web = [
        sys.executable, "-m", "gunicorn", "dashboard.wsgi:application", f"--bind=127.0.0.1:{server.port}",
        "--worker-class=gthread", f"--workers={_WEB_PROCESSES}", f"--threads={_WEB_THREADS}", "--timeout=120",
        "--log-level=warning",
    ]  # fmt: skip
    worker = [
        sys.executable, "-m", "celery", "--quiet", "--app=dashboard.celery", "worker", "--queues=cpu,gpu,io",
        "--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel=WARNING",
    ]  # fmt: skip
    both = " ".join(map(repr, web)) + " & " + " ".join(map(repr, worker)) + " & wait"
    with server.log.open("ab") as log:
        return subprocess.Popen(
            ["bash", "-c", both], cwd=ROOT, env=server.environment, stdout=log, stderr=log, start_new_session=True
        )


def _wait(server: Server) -> None:
    deadline = time.monotonic() + 180
    while server.readiness()[0] != 200:
        if time.monotonic() > deadline:
            raise NotThere(f"It did not start: {server.readiness()} {server.log.read_text()[-400:]}")
        time.sleep(0.2)


def _settings(models_dir: Path, runtime: str) -> dict[str, str]:
    return NO_LIMITS_BY_ADDRESS | {
        "MODELS_DIR": str(models_dir),
        "SEGMENTATION_MODEL": "isnet-general-use",
        "INFERENCE_RUNTIME": runtime,
        "RATE_LIMIT_KEY_PER_MINUTE": "1000000",
        # Unique photos never find a kept mask; what keeping one costs is none of the comparison's business.
        "SEGMENTATION_CACHE_MB": "0",
        "LOG_LEVEL": "WARNING",
    }


def _name(shape: str, runtime: str) -> str:
    return shape if runtime == "auto" else f"{shape}_fp32"


def _contestant(
    name: str,
    server: Server,
    keys: tuple[str, str],
    top: int,
    stop: Callable[[], None],
    last_job: Callable[[], tuple[float, float, float, str, str]],
) -> Packshot:
    address = f"{server.base}/api/v1/process"
    stores = "SQLite, embedded queue" if name.startswith("embedded") else "PostgreSQL, Redis, gunicorn"
    title = f"Packshot, {stores}" + (", fp32" if name.endswith("fp32") else "")

    def sending(key: str) -> Send:
        headers = {"x-api-key": key, "Accept": "image/png"}
        return lambda photo: posting.form(address, photo, FIELDS, part="image", headers=headers)

    worker = next(pid for pid in processes.below(top) if " worker " in processes.command_of(pid))
    return Packshot(
        name,
        title,
        address,
        sending(keys[0]),
        pids=lambda: processes.below(top),
        worker=lambda: worker,
        stop=stop,
        send_judged=sending(keys[1]),
        last_job=last_job,
    )
