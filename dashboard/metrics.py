"""`/metrics` in Prometheus' text format: off unless METRICS_TOKEN is set, then for whoever sends it, and for operators.

What processes have counted is added up over this machine; what rows say (queues, workers) is read at each scrape.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from accounts.kit.errors import NotFound
from accounts.queries.webhook_queue import webhook_queue
from dashboard.access import everyone
from dashboard.process_memory import memory_by_role
from integrations.queries.queues import publication_queue, sync_queue
from processing.queries.installation import photo_queues, stuck_photos
from processing.queries.workers import live_workers


@require_safe
@everyone
def metrics(request: HttpRequest) -> HttpResponse:
    """404 for everybody else: there is nothing here for them."""
    if not settings.METRICS_TOKEN or not (_has_token(request) or _is_operator(request)):
        raise NotFound("There is nothing at this address.")
    return HttpResponse(collected(), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def collected() -> bytes:
    registry = CollectorRegistry()
    if settings.METRICS_DIR:
        MultiProcessCollector(registry, path=str(settings.METRICS_DIR))  # type: ignore[no-untyped-call]
    else:
        registry.register(REGISTRY)
    registry.register(_Rows())
    return generate_latest(registry)


class _Rows(Collector):
    """Gauges of the moment. Without a database there is one less to read, not an error: the alert is about that."""

    def collect(self) -> Iterator[Metric]:
        yield _gauge("packshot_database_up", "1 when the database answers", [((), self._database_up())])
        try:
            found = list(_of_rows())
        except DatabaseError:
            found = []
        yield from found
        yield from _of_processes()

    def _database_up(self) -> float:
        try:
            stuck_photos(limit=1)
        except DatabaseError:
            return 0
        return 1


def _of_rows() -> Iterator[Metric]:
    queues = {**photo_queues(), "publications": publication_queue(), "syncs": sync_queue(), "webhooks": webhook_queue()}
    depth = {(name,): float(queue.depth) for name, queue in queues.items()}
    yield _gauge("packshot_queue_depth", "What waits for a worker", depth.items(), "queue")
    age = {(name,): queue.seconds for name, queue in queues.items()}
    yield _gauge("packshot_queue_oldest_seconds", "How long the oldest has been due", age.items(), "queue")
    yield _gauge("packshot_photos_stuck", "Photos that make no progress", [((), float(len(stuck_photos(limit=1000))))])
    workers: dict[tuple[str, ...], float] = {}
    for worker in live_workers():
        key = (worker.engine or "none", worker.runtime or "none")
        workers[key] = workers.get(key, 0) + 1
    yield _gauge(
        "packshot_workers", "Workers heard of lately, by engine and precision", workers.items(), "engine", "runtime"
    )


def _of_processes() -> Iterator[Metric]:
    found = memory_by_role()
    memory = {(role,): float(size) for role, (_, size) in found.items()}
    count = {(role,): float(number) for role, (number, _) in found.items()}
    yield _gauge("packshot_process_memory_bytes", "Resident memory of this machine's processes", memory.items(), "role")
    yield _gauge("packshot_processes", "Processes of this machine", count.items(), "role")


def _gauge(name: str, text: str, values: Iterable[tuple[Sequence[str], float]], *labels: str) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=labels)
    for key, value in values:
        family.add_metric(key, value)
    return family


def _has_token(request: HttpRequest) -> bool:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    return scheme.lower() == "bearer" and secrets.compare_digest(
        given.strip().encode(), settings.METRICS_TOKEN.encode()
    )


def _is_operator(request: HttpRequest) -> bool:
    return bool(request.user.is_authenticated and request.user.is_staff)
