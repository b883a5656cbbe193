"""A thread beside those of a worker: what waits or was lost in a crash goes to the queue, and what is due begins."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import structlog
from django.db import connections

from integrations.actions import approvals, checks, image_retention, inbound_work, left_behind, nightly, sign_in, sync
from integrations.actions.publishing import kept, queue, run_state, trim
from integrations.actions.shop_images import ask, judge
from integrations.actions.superseded import find, remove

log = structlog.get_logger(__name__)
_SECONDS = 5.0
# Each with the seconds between two of its rounds.
_ROUNDS: tuple[tuple[float, Callable[[], None]], ...] = (
    (_SECONDS, sync.sweep),
    (_SECONDS, queue.sweep),
    (_SECONDS, run_state.sweep),
    (3600, kept.forget_old),
    (3600, trim.trim),
    (_SECONDS, inbound_work.sweep),
    (_SECONDS, checks.sweep),
    (60, nightly.sweep),
    (60, left_behind.sweep),
    (60, approvals.expire),
    (_SECONDS, image_retention.sweep),
    (15, judge.sweep),
    (3600, ask.forget_old),
    (60, remove.sweep),
    (6 * 3600, find.find_everywhere),
    (3600, inbound_work.forget_old),
    (3600, sign_in.forget_old),
)


class Keeper:
    def __init__(self) -> None:
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="keep-shops", daemon=True)
        self._due = [0.0] * len(_ROUNDS)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()

    def _keep(self) -> None:
        while not self._ended.wait(_SECONDS):
            for number, (seconds, sweep) in enumerate(_ROUNDS):
                if time.monotonic() >= self._due[number]:
                    self._due[number] = time.monotonic() + seconds
                    self._attempt(sweep)
        connections.close_all()

    def _attempt(self, sweep: Callable[[], None]) -> None:
        """Whatever goes wrong in one must not end the others."""
        try:
            sweep()
        except Exception:
            log.exception("sweep_interrupted", sweep=sweep.__module__)
            connections.close_all()
