"""The operator's page: engine, workers, queues, stuck jobs, storage, versions."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.queries.webhook_queue import webhook_queue
from dashboard.access import staff
from integrations.queries.queues import publication_queue, sync_queue
from processing.queries.installation import photo_queues, photos_set_aside, storage_use, stuck_jobs, versions
from processing.queries.workers import live_workers


@require_GET
@staff
def page(request: HttpRequest) -> HttpResponse:
    """The page, or with htmx the part that changes by itself."""
    workers = live_workers()
    queues = photo_queues()
    now = {
        "queues": [
            (_("Photos"), queues["photos"]),
            (_("Face swaps"), queues["face_swaps"]),
            (_("Publications"), publication_queue()),
            (_("Catalog syncs"), sync_queue()),
            (_("Webhook deliveries"), webhook_queue()),
        ],
        "running": queues["running"],
        "stuck": stuck_jobs(),
        "set_aside": photos_set_aside(),
        "workers": workers,
        "engine": next((worker for worker in workers if worker.engine), None),
        "wanted_model": settings.SEGMENTATION_MODEL,
        "queue": queues["photos"],
    }
    if request.headers.get("HX-Request"):
        return render(request, "pages/system.html#now", now)
    context = now | {
        "storage": storage_use(),
        "versions": versions(),
        "parts": {
            gettext("Database"): "PostgreSQL"
            if connection.vendor == "postgresql"
            else gettext("SQLite, in the data folder"),
            gettext("Queue"): settings.CELERY_BROKER_URL.partition(":")[0].capitalize()
            or gettext("Embedded, in the data folder"),
            gettext("Cache"): gettext("Redis") if settings.REDIS_URL else gettext("Memory of the web process"),
            gettext("Files"): "S3" if settings.STORAGE_URL else gettext("Data folder"),
            gettext("Metering"): gettext("Off") if settings.CREDITS_UNLIMITED else gettext("On"),
            gettext("Sign-up"): gettext("Open") if settings.SIGN_UP_OPEN else gettext("Closed"),
        },
    }
    return render(request, "pages/system.html", context)
