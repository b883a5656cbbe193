"""An S3 server on this machine, which keeps its files in memory."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.fleet import wait_for
from tests.support.server import free_port


@contextmanager
def s3_store(log: Path) -> Iterator[int]:
    """Its port."""
    port = free_port()
    with log.open("w") as said:
        process = subprocess.Popen([sys.executable, "-m", "moto.server", "-p", str(port)], stdout=said, stderr=said)
    try:
        wait_for(lambda: "Running on" in log.read_text(), "the S3 store", why=log.read_text)
        yield port
    finally:
        process.kill()
        process.wait()


def bucket(port: int, name: str) -> str:
    """For STORAGE_URL."""
    return f"s3://key:secret@127.0.0.1:{port}/{name}?tls=0&region=us-east-1"
