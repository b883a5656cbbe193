"""Photos that take longer than JOB_SECONDS: ended, and the worker with them whose thread never comes back.

An operation asks for its time at each step by itself. What hangs inside of one step is ended from outside: its row at
once, so that nobody waits for it any more; the thread cannot be. Where it does not come back within half a minute the
process ends, and whoever watches it starts the next one.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import structlog
from django.conf import settings

from processing.actions import claim, finish, run_image
from processing.actions.given_up import TookTooLong

log = structlog.get_logger(__name__)

_GRACE_SECONDS = 30.0
_RENEW_SECONDS = 0.5
_EXIT_CODE = 70  # "internal software error" of sysexits.h


def end_overdue(leave: Callable[[], None]) -> None:
    """Ends what is overdue. Does not return where a thread is stuck: `leave` is called before the process ends."""
    for late in run_image.overdue():
        if claim.held(late).exists():
            log.warning("photo_took_too_long", image=str(late.image_id), attempt=late.attempt)
            finish.fail(late, code=TookTooLong.code, detail=TookTooLong().detail)
    stuck = run_image.overdue(by=_GRACE_SECONDS)
    if stuck:
        log.error("worker_is_stuck", images=[str(each.image_id) for each in stuck])
        run_image.drain()
        end = time.monotonic() + settings.WORKER_DRAIN_SECONDS
        while not run_image.drained(within=_RENEW_SECONDS, but=len(stuck)) and time.monotonic() < end:
            claim.renew(run_image.claims_in_hand())
        leave()
        os._exit(_EXIT_CODE)
