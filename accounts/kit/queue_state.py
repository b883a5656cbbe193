"""How a queue stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class QueueState:
    """`depth`: how much is due. `oldest`: since when the oldest is, None for an empty queue."""

    depth: int
    oldest: datetime | None
    seconds: float

    @classmethod
    def of(cls, depth: int, oldest: datetime | None, now: datetime) -> QueueState:
        return cls(depth, oldest, max((now - oldest).total_seconds(), 0.0) if oldest else 0.0)
