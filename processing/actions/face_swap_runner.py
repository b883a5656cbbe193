"""Makes face swaps beside the photos, with threads of its own: they wait for somebody else most of the time."""

from __future__ import annotations

import threading

import structlog
from django.db import connections

from processing.actions import run_image, worker_identity
from processing.actions.claim import Claim, claim_face_swap
from processing.providers import insightfaceswap

log = structlog.get_logger(__name__)

_LOOK_SECONDS = 0.25
_AT_ONCE = 16
_GRACE_SECONDS = 3.0


class FaceSwapRunner:
    """One thread that looks for swaps, and one for each that is made, until `stop`. Idle where no provider is set up.

    What is in hand ends at its next look at its claim, as photos do (run_image.stop), and goes back into the queue.
    """

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._free = threading.BoundedSemaphore(_AT_ONCE)
        self._looker = threading.Thread(target=self._look, name="face-swaps", daemon=True)
        self._makers: list[threading.Thread] = []

    def start(self) -> None:
        if insightfaceswap.provider():
            self._looker.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._looker.is_alive():
            self._looker.join(timeout=5)
        for maker in self._makers:
            maker.join(timeout=_GRACE_SECONDS / _AT_ONCE)

    def _look(self) -> None:
        try:
            while not self._stopping.is_set():
                try:
                    self._start_what_waits()
                except Exception:
                    log.exception("face_swaps_interrupted")
                    connections.close_all()
                self._stopping.wait(_LOOK_SECONDS)
        finally:
            connections.close_all()

    def _start_what_waits(self) -> None:
        self._makers = [maker for maker in self._makers if maker.is_alive()]
        while self._free.acquire(blocking=False):
            claim = None
            try:
                claim = claim_face_swap(worker_identity.name())
            finally:
                if claim is None:
                    self._free.release()
            if claim is None:
                return
            maker = threading.Thread(target=self._make, args=(claim,), name="face-swap", daemon=True)
            self._makers.append(maker)
            maker.start()

    def _make(self, claim: Claim) -> None:
        try:
            run_image.work_on(claim)
        finally:
            connections.close_all()
            self._free.release()
