"""The operator's page: engine, workers, queue, storage, versions."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dashboard.access import staff
from processing.queries.installation import queue, storage_use, versions
from processing.queries.workers import live_workers


@require_GET
@staff
def page(request: HttpRequest) -> HttpResponse:
    """The page, or with htmx the part that changes by itself."""
    workers = live_workers()
    context = {
        "workers": workers,
        "engine": next((worker for worker in workers if worker.engine), None),
        "wanted_model": settings.SEGMENTATION_MODEL,
        "queue": queue(),
        "storage": storage_use(),
        "versions": versions(),
        "parts": {
            "Database": "PostgreSQL" if connection.vendor == "postgresql" else "SQLite, in the data folder",
            "Queue": settings.CELERY_BROKER_URL.partition(":")[0].capitalize() or "Embedded, in the data folder",
            "Cache": "Redis" if settings.REDIS_URL else "Memory of the web process",
            "Files": "S3" if settings.STORAGE_URL else "Data folder",
            "Metering": "Off" if settings.CREDITS_UNLIMITED else "On",
            "Sign-up": "Open" if settings.SIGN_UP_OPEN else "Closed",
        },
    }
    return render(request, f"pages/system.html{'#now' if request.headers.get('HX-Request') else ''}", context)
