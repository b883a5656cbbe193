"""The second life of a worker process: its row, the leases of what it holds, its engine, the sweeper, verdicts."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

import structlog
from django.conf import settings
from django.db import connections
from django.utils import timezone

from accounts.kit import shared_clock
from accounts.kit.errors import PackshotError
from processing.actions import claim, engine_shelf, judge_output, overdue, run_image, sweep, tempo, worker_identity
from processing.engines.base import Explained
from processing.models import Worker

log = structlog.get_logger(__name__)

_BEAT_SECONDS = 2.0
_SWEEP_SECONDS = 5.0
_JUDGE_SECONDS = 1.0


class Housekeeping:
    """Three threads beside those of the worker, until `stop`: leases must not wait for a slow sweep, a model or a
    large image that is judged. `on_drain`: told when an operator lets the worker take no further photo, or again."""

    def __init__(self, *, on_drain: Callable[[bool], None] | None = None) -> None:
        self._on_drain = on_drain
        self._draining = False
        self._started_at = timezone.now()
        # One that only speaks to others needs no network in its memory.
        self._makes_images = bool({"cpu", "gpu"}.intersection(settings.WORKER_QUEUES))
        self._engine = {"engine": "", "runtime": "", "engine_reason": ""}
        self._versions = {"onnxruntime": onnxruntime_version()} | {name: version(name) for name in ("pillow", "celery")}
        self._alive = threading.Thread(target=self._keep_alive, name="keep-alive", daemon=True)
        self._order = threading.Thread(target=self._keep_order, name="keep-order", daemon=True)
        self._judging = threading.Thread(target=self._keep_judging, name="keep-judging", daemon=True)

    def start(self) -> None:
        self._alive.start()
        self._order.start()
        if self._makes_images:
            self._judging.start()

    def stop(self) -> None:
        """Lets the worker finish what it holds for WORKER_DRAIN_SECONDS, gives the rest back, takes its row away."""
        run_image.drain()
        run_image.drained(within=settings.WORKER_DRAIN_SECONDS)
        run_image.stop()
        self._alive.join(timeout=5)

    def _keep_alive(self) -> None:
        self._attempt(self._beat)
        while not run_image.stopping(within=min(_BEAT_SECONDS, settings.JOB_LEASE_SECONDS / 4)):
            self._attempt(self._beat)
        self._attempt(self._leave)
        connections.close_all()

    def _keep_order(self) -> None:
        if self._makes_images:
            self._attempt(self._load_engine)
        self._attempt(sweep.sweep)  # what was waiting when the last worker ended
        self._attempt(sweep.remove_orphans)
        while not run_image.stopping(within=min(_SWEEP_SECONDS, settings.JOB_LEASE_SECONDS / 2)):
            self._attempt(sweep.sweep)
            if self._makes_images and not self._engine["engine"]:
                self._attempt(self._load_engine)
        connections.close_all()

    def _keep_judging(self) -> None:
        while not run_image.stopping(within=_JUDGE_SECONDS):
            self._attempt(self._judge)
        connections.close_all()

    def _judge(self) -> None:
        while not run_image.stopping(within=0) and not self._draining:
            if not judge_output.judge_next(busy=not run_image.rests(since=_JUDGE_SECONDS)):
                return

    def _attempt(self, work: Callable[[], None]) -> None:
        """Whatever goes wrong in one round must not end the rounds: without them the worker's photos are lost."""
        try:
            work()
        except Exception:
            log.exception("housekeeping_interrupted", work=work.__name__)
            connections.close_all()

    def _load_engine(self) -> None:
        """Here and not at the first photo: the worker says that it is ready once it is."""
        try:
            engine = engine_shelf.engine()
        except Exception as error:
            reason = error.detail if isinstance(error, PackshotError) else f"{type(error).__name__}: {error}"
            self._engine["engine_reason"] = reason[:300]
            raise
        reason = engine.reason if isinstance(engine, Explained) else ""
        self._engine = {"engine": engine.name, "runtime": engine.runtime, "engine_reason": reason[:300]}

    def _beat(self) -> None:
        claim.renew(run_image.claims_in_hand())
        overdue.end_overdue(self._leave)
        row, _ = Worker.objects.update_or_create(
            name=worker_identity.name(),
            defaults={
                **self._engine,
                "host": worker_identity.host(),
                "pid": os.getpid(),
                "threads": settings.WORKER_THREADS,
                "photo_seconds": tempo.photo_seconds(),
                "queues": ",".join(settings.WORKER_QUEUES),
                "versions": self._versions,
                "started_at": self._started_at,
                "seen_at": shared_clock.now(),
            },
        )
        if row.draining != self._draining:
            self._draining = row.draining
            run_image.pause(row.draining)
            if self._on_drain:
                self._on_drain(row.draining)
            log.warning("worker_draining" if row.draining else "worker_takes_photos_again", worker=row.name)

    def _leave(self) -> None:
        # At once, not at the next step of each: a process that is slow to end is killed.
        for held in run_image.claims_in_hand():
            claim.give_back(held)
        Worker.objects.filter(name=worker_identity.name()).delete()


def onnxruntime_version() -> str:
    """Where there is a graphics processor another package takes its place."""
    try:
        return version("onnxruntime")
    except PackageNotFoundError:
        return f"{version('onnxruntime-gpu')} (CUDA)"
