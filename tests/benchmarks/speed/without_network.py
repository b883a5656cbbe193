"""The pipeline from bytes to bytes with a network that answers at once.

python -m tests.benchmarks.speed.without_network MODELS_DIR MEGAPIXELS ROUNDS

Everything else is done: the photo becomes the network's input, and its own mask, computed before the clock runs, goes
on to the edges. Prints JSON: the milliseconds of each photo and the median of each step.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path

from processing.engines import load
from processing.engines.base import Engine
from processing.engines.registry import find
from processing.engines.tensor import to_tensor
from processing.imaging.arrays import RGB, Mask
from processing.operations.process import Process, ProcessParameters
from tests.benchmarks.bare_pipeline import MODEL, BenchmarkContext
from tests.benchmarks.unique_photos import photos


class AnswersAtOnce:
    """An engine whose network takes no time: it knows the mask."""

    name = MODEL
    runtime = "none"

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.known: Mask | None = None

    def mask(self, rgb: RGB) -> Mask:
        if self.known is None:
            self.known = self._engine.mask(rgb)
        else:
            spec = find(MODEL)
            assert spec.input_size is not None
            assert spec.normalisation is not None
            to_tensor(rgb, spec.input_size, spec.normalisation)
        return self.known.copy()


def main(models_dir: Path, megapixels: float, rounds: int) -> None:
    engine = AnswersAtOnce(load.load(MODEL, models_dir, threads=2, runtime="auto"))
    parameters = ProcessParameters(format="png", background="transparent")
    taken: list[float] = []
    steps: dict[str, list[float]] = {}
    for photo in photos(megapixels, rounds, seed=33):
        engine.known = None
        Process().run(photo, parameters, BenchmarkContext(engine))
        context = BenchmarkContext(engine)
        started = time.perf_counter()
        Process().run(photo, parameters, context)
        taken.append(1000 * (time.perf_counter() - started))
        for name, ms in context.steps.items():
            steps.setdefault(name, []).append(ms)
    medians = {name: round(statistics.median(values), 1) for name, values in steps.items()}
    print(json.dumps({"milliseconds": taken, "steps": medians}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
