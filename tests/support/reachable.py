"""Which real parts are there on this machine. What is not there is skipped with a sentence; CI forbids such skips."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import psycopg
import pytest

POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
REDIS_URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9")
MODEL_FILE = "isnet-general-use.onnx"


@cache
def postgres() -> bool:
    try:
        psycopg.connect(POSTGRES_URL, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


@cache
def redis() -> bool:
    try:
        with socket.create_connection(("127.0.0.1", 6379), timeout=1):
            return True
    except OSError:
        return False


@cache
def rabbitmq() -> bool:
    try:
        with socket.create_connection(("127.0.0.1", 5672), timeout=1):
            return True
    except OSError:
        return False


@cache
def faketime() -> str | None:
    """The library that gives a process with threads another clock."""
    return next((str(found) for found in Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")), None)


@cache
def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@cache
def php() -> str | None:
    return shutil.which("php")


@cache
def newman() -> str | None:
    """Postman's runner, from npm: in node_modules of the checkout (.ci/run installs it), else on the path."""
    local = Path(__file__).resolve().parents[2] / "node_modules" / ".bin" / "newman"
    return str(local) if local.is_file() else shutil.which("newman")


@cache
def prism() -> str | None:
    """Stoplight's mock server, from npm: beside newman, else on the path."""
    local = Path(__file__).resolve().parents[2] / "node_modules" / ".bin" / "prism"
    return str(local) if local.is_file() else shutil.which("prism")


@cache
def compose() -> str | None:
    return shutil.which("docker-compose")


@cache
def nginx() -> str | None:
    """Debian keeps it where only root's path leads."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


@cache
def locust() -> Path | None:
    """The Python that has it: an environment of its own."""
    program = Path(__file__).resolve().parents[2] / ".venv-locust" / "bin" / "python"
    return program if program.is_file() else None


@cache
def network_namespaces() -> bool:
    """Whether a program can be started with a network that leads nowhere."""
    program = shutil.which("unshare")
    return program is not None and subprocess.run([program, "--net", "true"], capture_output=True).returncode == 0


@cache
def models_dir() -> Path | None:
    """A folder that holds the default model: TEST_MODELS_DIR, else the data folder of `make run`."""
    root = Path(__file__).resolve().parents[2]
    for folder in (os.environ.get("TEST_MODELS_DIR", ""), str(root / "data" / "models")):
        if folder and (Path(folder) / MODEL_FILE).is_file():
            return Path(folder)
    return None


@cache
def gpu() -> bool:
    """Whether ONNX Runtime was installed with CUDA and NVIDIA's driver has found a graphics processor."""
    from processing.engines import capabilities

    return capabilities.cuda_can() and bool(capabilities.graphics())


_OF_SOME_MACHINES = {"gpu"}
_NEEDS: dict[str, tuple[Callable[[], object], str]] = {
    "postgres": (postgres, "PostgreSQL is not reachable"),
    "redis": (redis, "Redis is not reachable"),
    "rabbitmq": (rabbitmq, "RabbitMQ is not reachable"),
    "faketime": (faketime, "libfaketime is not installed (Debian: apt install libfaketime)"),
    "browser": (chromium, "Chromium is not installed"),
    "php": (php, "PHP is not installed"),
    "newman": (newman, "newman is not installed (npm install --no-save --no-package-lock newman@6)"),
    "prism": (
        prism,
        "Prism is not installed (npm install --no-save --no-package-lock newman@6 @stoplight/prism-cli@5)",
    ),
    "compose": (compose, "docker-compose is not installed (it only reads compose.yaml)"),
    "locust": (locust, "locust is not installed (make .venv-locust/installed)"),
    "nginx": (nginx, "nginx is not installed (Debian: apt install nginx-light)"),
    "offline": (network_namespaces, "no network namespace can be made (root on Linux can)"),
    "gpu": (gpu, "there is no graphics processor, or onnxruntime-gpu is not installed"),
    "model": (models_dir, "the segmentation model is not here (make model fetches it)"),
}


def skip_what_is_missing(items: list[pytest.Item]) -> None:
    """Skips by marker, saying why; with REQUIRE_ALL=1 a missing part is a failure of the whole run instead."""
    missing = {name: why for name, (there, why) in _NEEDS.items() if not there()}
    needed = {name for item in items for name in missing.keys() - _OF_SOME_MACHINES if item.get_closest_marker(name)}
    if needed and os.environ.get("REQUIRE_ALL") == "1":
        raise pytest.UsageError("REQUIRE_ALL=1, but " + "; ".join(missing[name] for name in sorted(needed)))
    for item in items:
        for name, why in missing.items():
            if item.get_closest_marker(name):
                item.add_marker(pytest.mark.skip(reason=why))
