"""Counts in memory, bounded: adding one is all that a call of the API pays for statistics."""

from __future__ import annotations

import threading
import uuid
from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date

from accounts.models.usage_day import BOUNDS, BUCKETS, OTHER

# organization, day, API key, endpoint, label
Place = tuple[uuid.UUID, date, uuid.UUID, str, str]
_FOLDED_FROM = 20_000
_DROPPED_FROM = 25_000


@dataclass(slots=True)
class Tally:
    """`buckets`: calls by how long they took, in the order of BUCKETS."""

    calls: int = 0
    errors_4xx: int = 0
    errors_5xx: int = 0
    total_ms: float = 0.0
    buckets: list[int] = field(default_factory=lambda: [0] * len(BUCKETS))

    def merge(self, other: Tally) -> None:
        self.calls += other.calls
        self.errors_4xx += other.errors_4xx
        self.errors_5xx += other.errors_5xx
        self.total_ms += other.total_ms
        self.buckets = [a + b for a, b in zip(self.buckets, other.buckets, strict=True)]


class Tallies:
    """Safe to use from many threads. While the database is away the places are bounded: first labels are given up,
    then calls at further places (`dropped` says how many)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._at: dict[Place, Tally] = {}
        self.dropped = 0

    def __bool__(self) -> bool:
        return bool(self._at)

    def add(self, place: Place, *, status: int, milliseconds: float) -> None:
        with self._lock:
            tally = self._at.get(place) or self._new(place)
            if tally is None:
                self.dropped += 1
                return
            tally.calls += 1
            if status >= 500:
                tally.errors_5xx += 1
            elif status >= 400:
                tally.errors_4xx += 1
            tally.total_ms += milliseconds
            tally.buckets[bisect_left(BOUNDS, milliseconds)] += 1

    def take(self) -> dict[Place, Tally]:
        """Everything counted so far; counting goes on from zero."""
        with self._lock:
            taken, self._at = self._at, {}
            return taken

    def put_back(self, taken: dict[Place, Tally]) -> None:
        """What could not be written, for the next time."""
        with self._lock:
            for place, tally in taken.items():
                there = self._at.get(place) or self._new(place)
                if there is None:
                    self.dropped += tally.calls
                else:
                    there.merge(tally)

    def _new(self, place: Place) -> Tally | None:
        if len(self._at) >= _FOLDED_FROM:
            place = (*place[:4], OTHER)
            if found := self._at.get(place):
                return found
            if len(self._at) >= _DROPPED_FROM:
                return None
        tally = self._at[place] = Tally()
        return tally
