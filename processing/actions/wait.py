"""Waiting for a job: a synchronous call is the same job, waited for."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from processing.actions.ends import ear
from processing.models import OPEN_STATUSES, Job

_FIRST = 0.01
# Seconds between two looks at the row where nobody tells of ends: a lone caller hears of it within a hundredth of a
# second on average, and many at once do not look more than 200 times a second all together.
_SHORTEST, _LONGEST, _EACH = 0.02, 0.05, 0.005
# Where somebody tells: for what was not heard, after this share of the time that it has taken.
_SELDOM, _SHARE, _SELDOMMEST = 0.5, 0.1, 3.0

_lock = threading.Lock()
_waiting = 0  # calls of this process


def wait_for(job_id: uuid.UUID, *, seconds: float) -> bool:
    """Waits for the end of the job, at most `seconds`; whether it has ended. The row is the truth."""
    began = time.monotonic()
    deadline = began + seconds
    pause = _FIRST
    with _counted(), ear().awaiting(job_id) as told:
        while True:
            told.clear()
            if not Job.unscoped.filter(pk=job_id, status__in=OPEN_STATUSES).exists():
                return True
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            if ear().open:
                waited = time.monotonic() - began
                told.wait(min(_SELDOMMEST, max(_SELDOM, _SHARE * waited), left))
            else:
                time.sleep(min(pause, left))
                pause = min(_LONGEST, max(_SHORTEST, _EACH * _waiting))


@contextmanager
def _counted() -> Iterator[None]:
    global _waiting
    with _lock:
        _waiting += 1
    try:
        yield
    finally:
        with _lock:
            _waiting -= 1
