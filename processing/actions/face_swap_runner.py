"""Makes face swaps beside the photos, with threads of its own: they wait for somebody else most of the time.

Now and then it asks idle accounts for their credits.
"""

from __future__ import annotations

import random
import threading
import time

import structlog
from django.db import connections

from processing.actions import run_image, worker_identity
from processing.actions.claim import Claim, claim_face_swap
from processing.actions.refresh_face_swap_credits import refresh_next
from processing.providers import insightfaceswap

log = structlog.get_logger(__name__)

_LOOK_SECONDS = 0.25
_AT_ONCE = 16
_GRACE_SECONDS = 3.0
# Between two rounds of questions: so many workers do not ask the database at the same moments.
_LEAST_PAUSE, _LONGEST_PAUSE = 10.0, 20.0


class FaceSwapRunner:
    """One thread that looks for swaps, and one for each that is made, until `stop`. Idle where no provider is set up.

    What is in hand ends at its next look at its claim, as photos do (run_image.stop), and goes back into the queue.
    """

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._free = threading.BoundedSemaphore(_AT_ONCE)
        self._looker = threading.Thread(target=self._look, name="face-swaps", daemon=True)
        self._makers: list[threading.Thread] = []
        self._asker: threading.Thread | None = None
        self._ask_at = 0.0

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
                    self._ask_for_credits()
                except Exception:
                    log.exception("face_swaps_interrupted")
                    connections.close_all()
                self._stopping.wait(_LOOK_SECONDS)
        finally:
            connections.close_all()

    def _start_what_waits(self) -> None:
        self._makers = [maker for maker in self._makers if maker.is_alive()]
        while not run_image.draining() and self._free.acquire(blocking=False):
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

    def _ask_for_credits(self) -> None:
        """In a thread of its own: a provider that is slow to answer must not delay a swap."""
        if time.monotonic() < self._ask_at or (self._asker and self._asker.is_alive()):
            return
        self._ask_at = time.monotonic() + random.uniform(_LEAST_PAUSE, _LONGEST_PAUSE)  # noqa: S311
        self._asker = threading.Thread(target=self._ask, name="face-swap-credits", daemon=True)
        self._asker.start()

    def _ask(self) -> None:
        try:
            while not self._stopping.is_set() and refresh_next():
                pass
        except Exception:
            log.exception("face_swap_credits_interrupted")
        finally:
            connections.close_all()

    def _make(self, claim: Claim) -> None:
        try:
            run_image.work_on(claim, limited=False)
        finally:
            connections.close_all()
            self._free.release()
