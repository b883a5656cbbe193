"""How long this worker is at a photo, of late: what calls that cannot wait for ever are told by."""

from __future__ import annotations

import threading

# Of the newest photo; the others count for less the longer ago they are.
_WEIGHT = 0.1

_lock = threading.Lock()
_seconds = 0.0


def note(seconds: float) -> None:
    global _seconds
    with _lock:
        _seconds = seconds if not _seconds else (1 - _WEIGHT) * _seconds + _WEIGHT * seconds


def photo_seconds() -> float:
    """Seconds on the clock, waiting for the processor among them; 0 before the first photo."""
    return _seconds
