"""The workers that are alive, and what waits for them."""

from __future__ import annotations

from datetime import timedelta

from django.db.models.functions import Now

from processing.models import JobImage, Status, Worker

GONE_AFTER = timedelta(seconds=20)


def live_workers() -> list[Worker]:
    """Workers heard of within the last 20 seconds of the database's clock, newest first."""
    return list(Worker.objects.filter(seen_at__gte=Now() - GONE_AFTER).order_by("-started_at"))


def waiting_images() -> int:
    """Photos of every organization that wait for a worker."""
    return JobImage.unscoped.filter(status=Status.QUEUED).count()
