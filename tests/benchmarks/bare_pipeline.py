"""A bare HTTP server around the pipeline (`POST /`: a photo in, its cut-out as PNG out) or around the network alone.

python -m tests.benchmarks.bare_pipeline pipeline|network PORT MODELS_DIR
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np

from processing.engines import load
from processing.engines.base import Engine
from processing.imaging.arrays import Mask
from processing.imaging.limits import Limits
from processing.imaging.upscaling.tiles import Upscaler
from processing.operations.process import Process, ProcessParameters

MODEL = "isnet-general-use"


class BenchmarkContext:
    """A context without job, storage or kept masks; `steps` has the milliseconds of the last run."""

    limits = Limits()
    sandbox = False

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.steps: dict[str, float] = {}

    def engine(self, name: str | None) -> Engine:
        return self._engine

    @contextmanager
    def step(self, name: str, *, brief: bool = False) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.steps[name] = 1000 * (time.perf_counter() - started)

    def upscaler(self, name: str) -> Upscaler:
        raise NotImplementedError

    def cached_mask(self, engine: Engine) -> Mask | None:
        return None

    def keep_mask(self, engine: Engine, mask: Mask) -> Mask:
        return mask

    def file(self, role: str) -> bytes | None:
        return None

    def group_scale(self) -> float | None:
        return None


def main(kind: str, port: int, models_dir: Path, runtime: str) -> None:
    engine = load.load(MODEL, models_dir, threads=2, runtime=runtime)
    still = np.zeros((1024, 1024, 3), np.uint8)
    engine.mask(still)  # the first run allocates
    parameters = ProcessParameters(format="png", background="transparent")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            photo = self.rfile.read(int(self.headers["Content-Length"]))
            context = BenchmarkContext(engine)
            if kind == "network":
                engine.mask(still)
                body = b"ok"
            else:
                body = Process().run(photo, parameters, context).data
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("X-Steps", " ".join(f"{name}={ms:.1f}" for name, ms in context.steps.items()))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            return

    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), sys.argv[4])
