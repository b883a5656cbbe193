"""The bare pipeline and the bare network behind the smallest HTTP server: what the product is held against."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.benchmarks.speed import posting
from tests.benchmarks.speed.contestant import Contestant
from tests.benchmarks.speed.started import start
from tests.support.server import free_port

TITLES = {"pipeline": "Packshot's bare pipeline", "network": "The bare network"}


def bare(kind: str, models_dir: Path, log: Path, runtime: str = "auto") -> Contestant:
    """`kind`: pipeline or network."""
    port = free_port()
    address = f"http://127.0.0.1:{port}/"
    return start(
        kind,
        TITLES[kind],
        [sys.executable, "-m", "tests.benchmarks.bare_pipeline", kind, str(port), str(models_dir), runtime],
        lambda photo: posting.whole(address, photo),
        address=address,
        environment={"ENV_FILE": ""},
        log=log,
    )
