"""`/healthz`: the process is alive. `/readyz`: it can do its work; says of each part whether it is there."""

from __future__ import annotations

from typing import Any

from celery import current_app
from django.conf import settings
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from kombu.exceptions import OperationalError

from dashboard.access import everyone
from processing.queries.workers import live_workers, waiting_images

# Anybody may ask: what went wrong, which may name files and addresses, is for the log and the system page.
_WHY = "The segmentation engine could not be loaded. The worker's log and the system page say why."


@everyone
def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@everyone
def ready(request: HttpRequest) -> JsonResponse:
    """200 when every part works, 503 when one does not; the body names each."""
    answer: dict[str, Any] = {"status": "ok", "database": "ok", "queue": _queue(), "worker": "ok"}
    answer |= {"engine": None, "model": None, "runtime": None, "waitingJobs": None}
    try:
        workers = live_workers()
        answer["waitingJobs"] = waiting_images()
    except DatabaseError:
        workers = []
        answer["database"] = "unreachable"
    ready_worker = next((worker for worker in workers if worker.engine), None)
    if ready_worker:
        answer["engine"] = "network" if ready_worker.engine != "grabcut" else "grabcut"
        answer["model"] = ready_worker.engine
        answer["runtime"] = ready_worker.runtime
    elif any(worker.engine_reason for worker in workers):
        answer |= {"worker": "without an engine", "engine": "failed", "engineReason": _WHY}
    elif any(worker.makes_images for worker in workers):
        answer["worker"] = "starting"
    else:
        answer["worker"] = "none"
    if not (answer["database"] == answer["queue"] == answer["worker"] == "ok"):
        answer["status"] = "unavailable"
    response = JsonResponse(answer, status=200 if answer["status"] == "ok" else 503)
    # Asked several times a second while a server starts; "not yet" is an answer, not an error in the log.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _queue() -> str:
    if not settings.CELERY_BROKER_URL:
        return "ok"  # a folder of DATA_DIR, whose presence the settings have checked
    try:
        with current_app.connection_for_write(connect_timeout=2) as connection:
            connection.ensure_connection(max_retries=1, timeout=2)
    except (OperationalError, OSError):
        return "unreachable"
    return "ok"
