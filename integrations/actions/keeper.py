"""A thread beside those of a worker: syncs and publications that wait or were lost in a crash go back to the queue."""

from __future__ import annotations

import threading

import structlog
from django.db import connections

from integrations.actions import sync
from integrations.actions.publishing import queue

log = structlog.get_logger(__name__)
_SECONDS = 5.0


class Keeper:
    def __init__(self) -> None:
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="keep-syncs", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()

    def _keep(self) -> None:
        while not self._ended.wait(_SECONDS):
            try:
                sync.sweep()
            except Exception:
                log.exception("sync_sweep_interrupted")
                connections.close_all()
            try:
                queue.sweep()
            except Exception:
                log.exception("publication_sweep_interrupted")
                connections.close_all()
        connections.close_all()
