"""What the default engine adds to its network, and what float32 weights save.

    python -m tests.benchmarks.network [--models FOLDER] [--threads N] [--runs N]

Prints, from one run: the time of `mask` for photos of 1, 4 and 12 megapixels over the time of the bare `session.run`
that it ends in, taken in turns; and, each in a process of its own, time and peak memory of this engine against
ONNX Runtime with the file as published and its default options.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from processing.engines.load import load
from processing.engines.onnx import OnnxEngine
from processing.engines.registry import DEFAULT, find
from processing.engines.tensor import to_tensor
from tests.support import reachable

SIZES = {"1 MP": (866, 1155), "4 MP": (1732, 2309), "12 MP": (3000, 4000)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, default=reachable.models_dir())
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--only", choices=("engine", "published"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.models is None:
        sys.exit("The default model is not here. Fetch it: manage.py models fetch")
    if given.only:
        _report(given.only, given.models, given.threads, given.runs)
        return
    _against_the_bare_network(given.models, given.threads, given.runs)
    _against_the_published_file(given.models, given.threads, given.runs)


def _against_the_bare_network(models: Path, threads: int, runs: int) -> None:
    engine = load(DEFAULT, models, threads=threads)
    assert isinstance(engine, OnnxEngine)
    print(f"{'photo':>6}  {'bare s':>7}  {'mask s':>7}  {'ratio':>6}  (best of {runs}, in turns)")
    for name, (height, width) in SIZES.items():
        photo = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
        bare, mask = _in_turns([_bare(engine), lambda photo=photo: engine.mask(photo)], runs)  # type: ignore[misc]
        print(f"{name:>6}  {bare:7.3f}  {mask:7.3f}  {mask / bare:6.3f}")


def _bare(engine: OnnxEngine) -> Callable[[], object]:
    spec = find(DEFAULT)
    assert spec.input_size is not None
    assert spec.normalisation is not None
    photo = np.random.default_rng(0).integers(0, 256, (*spec.input_size, 3), np.uint8)
    tensor = to_tensor(photo, spec.input_size, spec.normalisation)
    return lambda: engine._session.run([engine._output], {engine._input: tensor}, engine._run_options)


def _against_the_published_file(models: Path, threads: int, runs: int) -> None:
    found = {}
    for which in ("published", "engine"):
        command = [sys.executable, "-m", "tests.benchmarks.network", "--only", which]
        command += ["--models", str(models), "--threads", str(threads), "--runs", str(runs)]
        found[which] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    print(f"\n{'1 MP':>28}  {'load s':>6}  {'run s':>6}  {'peak MiB':>8}")
    for which, title in (("published", "published file, defaults"), ("engine", "this engine")):
        each = found[which]
        print(f"{title:>28}  {each['load']:6.2f}  {each['run']:6.3f}  {each['peak']:8.0f}")
    ratio = {key: found["engine"][key] / found["published"][key] for key in ("load", "run", "peak")}
    print(f"{'ratio':>28}  {ratio['load']:6.2f}  {ratio['run']:6.3f}  {ratio['peak']:8.2f}")


def _report(which: str, models: Path, threads: int, runs: int) -> None:
    photo = np.random.default_rng(0).integers(0, 256, (*SIZES["1 MP"], 3), np.uint8)
    started = time.perf_counter()
    run = _published(models, threads, photo) if which == "published" else _engine(models, threads, photo)
    loaded = time.perf_counter() - started
    (took,) = _in_turns([run], runs)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"load": loaded, "run": took, "peak": peak}))


def _engine(models: Path, threads: int, photo: np.ndarray) -> Callable[[], object]:
    engine = load(DEFAULT, models, threads=threads)
    return lambda: engine.mask(photo)


def _published(models: Path, threads: int, photo: np.ndarray) -> Callable[[], object]:
    import onnxruntime

    spec = find(DEFAULT)
    assert spec.input_size is not None
    assert spec.normalisation is not None
    size, normalisation = spec.input_size, spec.normalisation
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(models / spec.file), options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return lambda: session.run(None, {name: to_tensor(photo, size, normalisation)})


def _in_turns(calls: list[Callable[[], object]], runs: int) -> list[float]:
    """The least seconds of each, after one call to warm up; in turns, so that noise meets all alike."""
    taken: list[list[float]] = [[] for _ in calls]
    for call in calls:
        call()
    for _ in range(runs):
        for seconds, call in zip(taken, calls, strict=True):
            started = time.perf_counter()
            call()
            seconds.append(time.perf_counter() - started)
    return [min(seconds) for seconds in taken]


if __name__ == "__main__":
    main()
