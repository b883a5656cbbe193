"""A worker process that ends before it grows too old: after so many photos, or above so much memory.

It takes no further photo, ends those in hand, and then asks itself to stop, as an operator would. Whoever watches it
(`manage.py serve`, systemd, a container) starts the next one, which takes up what waits. Nothing is given back halfway,
so nothing is lost or done twice.
"""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import structlog
from django.conf import settings

log = structlog.get_logger(__name__)

_lock = threading.Lock()
_done = 0
_retiring = threading.Event()


def retiring() -> bool:
    """Whether this process takes no further photo."""
    return _retiring.is_set()


def photo_ended(*, in_hand: int) -> None:
    """Counts a photo that a thread of this process has ended. `in_hand`: how many others its threads still work on."""
    global _done
    with _lock:
        _done += 1
        if not _retiring.is_set() and (reason := _reason(_done)):
            log.info("worker_retires", reason=reason, photos=_done)
            _retiring.set()
        if _retiring.is_set() and not in_hand:
            os.kill(os.getpid(), signal.SIGTERM)


def _reason(done: int) -> str:
    if 0 < settings.WORKER_MAX_IMAGES <= done:
        return f"{done} photos"
    if settings.WORKER_MAX_MEMORY_BYTES and (used := _memory()) > settings.WORKER_MAX_MEMORY_BYTES:
        return f"{used // 1_000_000} MB"
    return ""


def _memory() -> int:
    """Bytes of this process that are in memory now; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0
