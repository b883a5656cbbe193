"""The command lines of the processes: what `serve` watches on one machine, and `web` and `worker` start on many."""

from __future__ import annotations

import sys
from pathlib import Path

from django.conf import settings

_MEMORY_FOLDER = Path("/dev/shm")  # noqa: S108   (only asked whether it is there)


def web_command() -> list[str]:
    """gunicorn. How the public address and a proxy are trusted is Django's part: see BASE_URL and BEHIND_PROXY."""
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "dashboard.wsgi:application",
        f"--bind={bracketed(settings.HOST)}:{settings.PORT}",
        "--worker-class=gthread",
        f"--workers={settings.WEB_WORKERS}",
        f"--threads={settings.WEB_THREADS}",
        f"--timeout={settings.WEB_TIMEOUT_SECONDS}",
        f"--graceful-timeout={settings.WEB_DRAIN_SECONDS}",
        "--keep-alive=15",
        "--log-level=warning",
    ]
    if _MEMORY_FOLDER.is_dir():
        # The heart beat of a process is a file: on a slow disk it would be killed for its disk's sake.
        command.append(f"--worker-tmp-dir={_MEMORY_FOLDER}")
    return command


def worker_command() -> list[str]:
    return [
        sys.executable,
        "-m",
        "celery",
        "--quiet",
        "--app=dashboard.celery",
        "worker",
        f"--queues={','.join(settings.WORKER_QUEUES)}",
        "--without-gossip",
        "--without-mingle",
        "--without-heartbeat",
        "--loglevel=WARNING",
    ]


def reachable_host() -> str:
    """What to type to reach a server that listens on HOST, from this machine."""
    return bracketed({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.HOST, settings.HOST))


def bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
