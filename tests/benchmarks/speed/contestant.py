"""Who takes part: something that takes a photo over HTTP and answers with an image, and what was measured of it."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.benchmarks.speed import processes

Send = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, least and most of some values, and how many they were."""

    median: float
    least: float
    most: float
    count: int

    @classmethod
    def of(cls, values: list[float]) -> Spread | None:
        return cls(statistics.median(values), min(values), max(values), len(values)) if values else None

    def text(self, digits: int = 2) -> str:
        return f"{self.median:.{digits}f} ({self.least:.{digits}f}-{self.most:.{digits}f})"

    def json(self) -> dict[str, float]:
        return {
            "median": round(self.median, 4),
            "min": round(self.least, 4),
            "max": round(self.most, 4),
            "count": self.count,
        }


@dataclass
class Contestant:
    """`pids`: all of its processes. `worker`: the one whose peak memory counts."""

    name: str
    title: str
    address: str
    send: Send
    pids: Callable[[], list[int]]
    worker: Callable[[], int]
    stop: Callable[[], None]
    seconds: dict[float, list[float]] = field(default_factory=dict)
    rates: dict[float, list[float]] = field(default_factory=dict)
    peak_mib: int | None = None
    gone: str = ""  # why it takes no further part

    def latency(self, megapixels: float) -> Spread | None:
        return Spread.of(self.seconds.get(megapixels, []))

    def rate(self, megapixels: float) -> Spread | None:
        return Spread.of(self.rates.get(megapixels, []))

    def read_peak(self) -> None:
        self.peak_mib = processes.peak_mib(self.worker())
