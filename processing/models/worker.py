from __future__ import annotations

from django.db import models


class Worker(models.Model):
    """A running worker process and what it works with; a row that is not renewed is a worker that is gone."""

    name = models.CharField(max_length=120, primary_key=True)
    host = models.CharField(max_length=120)
    pid = models.PositiveIntegerField()
    engine = models.CharField(max_length=60, blank=True)
    runtime = models.CharField(max_length=60, blank=True)
    engine_reason = models.CharField(max_length=300, blank=True)
    threads = models.PositiveIntegerField(default=1)
    photo_seconds = models.FloatField(default=0, db_default=0)  # how long it is at one, of late; 0 before the first
    queues = models.CharField(max_length=60, default="cpu,gpu,io")
    draining = models.BooleanField(default=False)  # takes no further photo; what it has in hand is finished
    versions = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.name

    @property
    def makes_images(self) -> bool:
        return "cpu" in self.queues or "gpu" in self.queues
