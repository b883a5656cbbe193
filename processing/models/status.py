from __future__ import annotations

from django.db import models


class Status(models.TextChoices):
    """Of a job and of each of its images."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


OPEN_STATUSES = (Status.QUEUED, Status.RUNNING)
STEPS = ("decode", "segment", "refine", "compose", "encode")
