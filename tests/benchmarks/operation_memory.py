"""Peak memory of every operation on a photo of 12 megapixels: python -m tests.benchmarks.operation_memory [NAME …].

Each runs its own first example in a process of its own, with the real network where its file is here, as a worker does.
Prints the peak beside the 1536 MiB that a worker may take, and what of it was there before the photo came.
"""

from __future__ import annotations

import io
import subprocess
import sys
import time

import numpy as np

from tests.benchmarks.peak_memory import peak_mib

WANTED_MIB = 1536
SIZE = (4000, 3000)


def main(names: list[str]) -> int:
    from processing.operations.registry import EVERY_OPERATION

    worst = 0.0
    print(f"{'operation':22} {'s':>6} {'before MiB':>11} {'peak MiB':>9} {'of the limit':>13}")
    for name in names or sorted(EVERY_OPERATION):
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.operation_memory", "--one", name],
            stdout=subprocess.PIPE,
            check=True,
        )
        seconds, before, peak = (float(figure) for figure in done.stdout.split())
        worst = max(worst, peak)
        print(f"{name:22} {seconds:6.1f} {before:11.0f} {peak:9.0f} {peak / WANTED_MIB:13.2f}", flush=True)
    return int(worst > WANTED_MIB)


def _one(name: str) -> None:
    from PIL import Image, ImageDraw

    from processing.engines import load
    from processing.operations.registry import EVERY_OPERATION
    from tests.support import reachable
    from tests.support.operation_run import Run

    models = reachable.models_dir()
    context = Run()
    if models is not None:
        engine = load.load("isnet-general-use", models, runtime="auto")
        engine.mask(np.zeros((64, 64, 3), np.uint8))
        context.loaded = engine  # type: ignore[assignment]
    image = Image.effect_noise(SIZE, 20).convert("RGB").point(lambda value: min(255, value + 60))
    ImageDraw.Draw(image).ellipse((800, 200, 3000, 2800), fill=(150, 40, 30))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=92)
    del image
    operation = EVERY_OPERATION[name]
    example = next(each for each in operation.examples.values() if "preset" not in each)
    parameters = operation.merge({}, dict(example))
    before, started = peak_mib(), time.perf_counter()
    operation.run(buffer.getvalue(), parameters, context)
    print(time.perf_counter() - started, before, peak_mib())


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        _one(sys.argv[2])
    else:
        sys.exit(main(sys.argv[1:]))
