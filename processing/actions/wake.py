"""Waking workers. A message says "there is work"; which work, the worker reads from the rows."""

from __future__ import annotations

from django.db import transaction

from accounts.kit import tasks

QUEUE = "cpu"
# A worker that finishes an image looks for the next one by itself, so a large batch needs few messages.
_AT_MOST = 16


def now(count: int) -> bool:
    """Sends up to `count` wake-ups; False when the queue cannot be reached (the sweeper then makes up for it)."""
    return all(tasks.send("processing.run_next", queue=QUEUE) for _ in range(min(count, _AT_MOST)))


def after_commit(count: int) -> None:
    transaction.on_commit(lambda: now(count))
