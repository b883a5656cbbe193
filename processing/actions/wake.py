"""Waking workers. A message says "there is work"; which work, the worker reads from the rows."""

from __future__ import annotations

import time

from django.db import Error, transaction

from accounts.kit import tasks
from processing.queries.workers import live_workers

QUEUE = "cpu"
# Machines with an accelerator take the same photos; they are told on a queue of their own where one is there.
_ACCELERATED = "gpu"
# A worker that finishes an image looks for the next one by itself, so a large batch needs few messages.
_AT_MOST = 16


_LOOK_SECONDS = 10.0
_looked: tuple[float, bool] = (float("-inf"), False)


def now(count: int) -> bool:
    """Sends up to `count` wake-ups; False when the queue cannot be reached (the sweeper then makes up for it)."""
    queues = (_ACCELERATED, QUEUE) if _accelerated() else (QUEUE,)
    return all(tasks.send("processing.run_next", queue=queue) for queue in queues for _ in range(min(count, _AT_MOST)))


def _accelerated() -> bool:
    """Whether some worker takes photos from its own queue alone: a message for nobody would lie there for ever."""
    global _looked
    if time.monotonic() - _looked[0] > _LOOK_SECONDS:
        try:
            queues = [worker.queues.split(",") for worker in live_workers()]
        except Error:
            queues = []
        _looked = time.monotonic(), any(_ACCELERATED in each and QUEUE not in each for each in queues)
    return _looked[1]


def after_commit(count: int) -> None:
    transaction.on_commit(lambda: now(count))
