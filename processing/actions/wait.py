"""Waiting for a job: a synchronous call is the same job, waited for."""

from __future__ import annotations

import time
import uuid

from processing.models import OPEN_STATUSES, Job

_SHORTEST = 0.015
_LONGEST = 0.05


def wait_for(job_id: uuid.UUID, *, seconds: float) -> bool:
    """Waits for the end of the job, at most `seconds`; whether it has ended. The row is the truth."""
    deadline = time.monotonic() + seconds
    pause = _SHORTEST
    while True:
        if not Job.unscoped.filter(pk=job_id, status__in=OPEN_STATUSES).exists():
            return True
        left = deadline - time.monotonic()
        if left <= 0:
            return False
        time.sleep(min(pause, left))
        pause = min(_LONGEST, pause * 1.15)
