"""`make bench`: one run, one table. Medians of ROUNDS with the least and the most, every photo unique, caches off.

Packshot over its whole HTTP API in two shapes, with the runtime that was fastest here and with the portable fp32 one,
`rembg s` and IMG.LY's package with the same weights, the bare pipeline and the bare network: in turns over the same
photos, each once the others rest. Single times on a busy machine mean little: read ratios. Whoever cannot take part is
left out with a sentence. ROUNDS (5), SIZES (1,4,12), ONLY (names of contestants; postgresql_fp32 takes part where it is
named) and JSON (a file) in the environment. About twelve minutes on two quiet processors, a third of them IMG.LY's.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from processing.engines.candidate import REFERENCE
from tests.benchmarks.speed import agreement, tables, turns
from tests.benchmarks.speed.bare import TITLES, bare
from tests.benchmarks.speed.contestant import Contestant
from tests.benchmarks.speed.findings import findings
from tests.benchmarks.speed.machine import machine
from tests.benchmarks.speed.milliseconds import Ways, judging
from tests.benchmarks.speed.packshot import Packshot, embedded, postgresql
from tests.benchmarks.speed.peers import imgly, rembg
from tests.benchmarks.speed.started import NotThere, warm
from tests.support import reachable
from tests.support.server import ROOT

ROUNDS = max(1, int(os.environ.get("ROUNDS", "5")))
SIZES = tuple(float(size) for size in os.environ.get("SIZES", "1,4,12").split(","))
ONLY = {name for name in os.environ.get("ONLY", "").split(",") if name}


def main() -> int:
    models_dir = reachable.models_dir()
    if models_dir is None:
        print("The segmentation model is not here. Run: make model")
        return 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the servers and databases go with it
    began, about = time.monotonic(), machine()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        contestants, left_out = _all_ready(stack, models_dir, folder)
        measured = _measure(contestants, models_dir)
    found = findings(contestants, left_out, measured, about, sizes=SIZES, rounds=ROUNDS)
    found["minutes"] = round((time.monotonic() - began) / 60, 1)
    tables.show(found)
    if file := os.environ.get("JSON"):
        Path(file).write_text(json.dumps(found, indent=2) + "\n")
        print(f"\nWritten to {file}. Into the documentation: make figures JSON={file}")
    return 0


def _all_ready(stack: ExitStack, models_dir: Path, folder: Path) -> tuple[list[Contestant], dict[str, str]]:
    """Everybody who could be started, warm, and why the others could not."""
    ready: list[Contestant] = []
    left_out: dict[str, str] = {}
    log = folder / "contestants.log"
    starts: dict[str, Callable[[], Contestant]] = {
        "embedded": lambda: embedded(models_dir, folder / "embedded", "auto"),
        "postgresql": lambda: postgresql(models_dir, folder / "postgresql", "auto"),
        "embedded_fp32": lambda: embedded(models_dir, folder / "embedded-fp32", REFERENCE.label),
        "postgresql_fp32": lambda: postgresql(models_dir, folder / "postgresql-fp32", REFERENCE.label),
        "rembg": lambda: rembg(models_dir, log),
        "imgly": lambda: imgly(log),
        "pipeline": lambda: bare("pipeline", models_dir, log),
        "network": lambda: bare("network", models_dir, log),
    }
    for name, start in starts.items():
        if name not in (ONLY or starts.keys() - {"postgresql_fp32"}):
            continue
        _say(f"Starting {name} …")
        try:
            contestant = start()
            stack.callback(contestant.stop)
            warm(contestant, log)
        except NotThere as error:
            left_out[name] = str(error)
            print(f"{name} is left out: {error}", flush=True)
        else:
            ready.append(contestant)
    return ready, left_out


def _measure(contestants: list[Contestant], models_dir: Path) -> dict[str, Any]:
    """What is no contestant's own: overhead, agreement, the way of an image. Each where its parts are there."""
    by_name = {each.name: each for each in contestants}
    shapes = [each for each in contestants if isinstance(each, Packshot)]
    fastest = [each for each in shapes if not each.name.endswith("fp32")]
    ways = {each.name: Ways() for each in shapes}
    found: dict[str, Any] = {}
    for size in SIZES:
        _say(f"One at a time, {size:g} MP …")

        def note(contestant: Contestant, began: float, ended: float, size: float = size) -> None:
            if isinstance(contestant, Packshot):
                ways[contestant.name].add(size, contestant, began, ended)

        turns.latencies(contestants, size, ROUNDS, note)
    for size in SIZES:
        _say(f"Two at a time, {size:g} MP …")
        turns.rates([each for each in contestants if each.name not in TITLES], size, ROUNDS + 1)
    if "pipeline" in by_name and fastest:
        _say("Over the bare pipeline …")
        found["overhead"] = turns.overhead(by_name["pipeline"], fastest, 3 * ROUNDS)
    found["steps"] = {name: way.medians() for name, way in ways.items() if way.found}
    if fastest:
        _say("Judging …")
        for size in SIZES:
            took = judging(fastest[0], size)
            for steps in found["steps"].values():
                if f"{size:g}" in steps:
                    steps[f"{size:g}"]["judge"] = took
    found["runtimes"] = {each.name: each.last_job()[4] for each in shapes if not each.gone}
    if "rembg" in by_name and not by_name["rembg"].gone:
        _say("Masks and edges against rembg's …")
        engine = agreement.engine_here(models_dir)
        found["iou"] = agreement.mask_iou(by_name["rembg"], engine, 2 * ROUNDS)
        found["edges"] = agreement.edge_errors(by_name["rembg"], engine, min(3, ROUNDS))
        del engine
    largest = max(SIZES)
    _say(f"Four of {largest:g} MP at once …")
    turns.four_at_once([each for each in contestants if each.name != "network"], largest)
    for each in contestants:
        each.stop()
    _say("Without the network …")
    wanted = [str(models_dir), f"{largest:g}", str(ROUNDS + 2)]
    command = [sys.executable, "-m", "tests.benchmarks.speed.without_network", *wanted]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | {"ENV_FILE": ""}, capture_output=True, text=True)
    if done.returncode == 0:
        found["without_network"] = json.loads(done.stdout.splitlines()[-1])
    else:
        print(f"The pipeline without the network failed: {done.stderr[-600:]}")
    return found


def _say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
