"""The contestants take turns, so that a busy moment meets all alike. Whoever fails takes no further part."""

from __future__ import annotations

import time
import urllib.error
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from tests.benchmarks.speed import processes
from tests.benchmarks.speed.contestant import Contestant
from tests.benchmarks.unique_photos import photos

_AT_ONCE = 2


def _taking_part(contestants: Sequence[Contestant]) -> Iterator[Contestant]:
    """Each in its turn, once the others rest."""
    everybody = [pid for each in contestants for pid in each.pids()]
    for contestant in contestants:
        if not contestant.gone:
            processes.until_quiet(everybody)
            yield contestant


Noted = Callable[[Contestant, float, float], None]


def latencies(contestants: Sequence[Contestant], megapixels: float, rounds: int, note: Noted) -> None:
    """`note` is called after each with the clock's time before and after it."""
    for photo in photos(megapixels, rounds):
        for contestant in _taking_part(contestants):
            began = time.time()
            if (took := _timed(contestant, photo)) is not None:
                note(contestant, began, began + took)
                contestant.seconds.setdefault(megapixels, []).append(took)


def rates(contestants: Sequence[Contestant], megapixels: float, count: int) -> None:
    """Photos a second, two at a time without a pause: over every two photos that end one after the other."""
    for seed, contestant in enumerate(_taking_part(contestants), start=1):
        batch = list(photos(megapixels, count, seed=seed))
        began = time.perf_counter()
        ends = [0.0]

        def send(photo: bytes, contestant: Contestant = contestant, began: float = began) -> float:
            contestant.send(photo)
            return time.perf_counter() - began

        try:
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                ends += sorted(pool.map(send, batch))
        except OSError as error:
            _leaves(contestant, error)
            continue
        contestant.rates[megapixels] = [
            2 / (later - earlier) for earlier, later in zip(ends, ends[2:], strict=False) if later > earlier
        ]


def four_at_once(contestants: Sequence[Contestant], megapixels: float) -> None:
    """For the peak of memory, which is read afterwards."""
    for contestant in _taking_part(contestants):
        try:
            with ThreadPoolExecutor(4) as pool:
                list(pool.map(contestant.send, photos(megapixels, 4, seed=50)))
            contestant.read_peak()
        except OSError as error:
            _leaves(contestant, error)


def overhead(pipeline: Contestant, shapes: Sequence[Contestant], rounds: int) -> dict[str, list[float]]:
    """Milliseconds that each shape takes longer than the bare pipeline over the same photo of one megapixel."""
    found: dict[str, list[float]] = {shape.name: [] for shape in shapes}
    for photo in photos(1, rounds, seed=77):
        taken: dict[str, float] = {}
        for contestant in _taking_part([pipeline, *shapes]):
            if (took := _timed(contestant, photo)) is not None:
                taken[contestant.name] = took
        for name, values in found.items():
            if name in taken and pipeline.name in taken:
                values.append(1000 * (taken[name] - taken[pipeline.name]))
    return {name: values for name, values in found.items() if values}


def _timed(contestant: Contestant, photo: bytes) -> float | None:
    started = time.perf_counter()
    try:
        contestant.send(photo)
    except OSError as error:
        _leaves(contestant, error)
        return None
    return time.perf_counter() - started


def _leaves(contestant: Contestant, error: OSError) -> None:
    said = f"{error} {error.read()[:200]!r}" if isinstance(error, urllib.error.HTTPError) else str(error)
    contestant.gone = f"It failed in the middle: {said}"
    print(f"{contestant.title}: {contestant.gone}", flush=True)
