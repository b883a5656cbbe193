from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.kit.ids import uuid7
from accounts.models.owned import Owned, OwnedManager
from integrations.models.connection import Connection


class CatalogSync(Owned):
    """One reading of a shop's catalog: first its pages (all, or what changed `since`), then what is gone.

    Worked on in short turns. A turn is a claim (attempt and lease); `cursor` is the page that the next one begins at.
    """

    class Status(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        SUCCEEDED = "succeeded"
        FAILED = "failed"

    OPEN = (Status.QUEUED, Status.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="syncs")
    since = models.DateTimeField(null=True)  # None: everything is read
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    verifying = models.BooleanField(default=False)  # the pages are read; now what is gone
    cursor = models.TextField(blank=True)
    total = models.PositiveIntegerField(null=True)  # products to read, as the shop says
    read = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)
    attempt = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)  # in a row
    lease_until = models.DateTimeField(null=True)
    not_before = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(default=timezone.now)
    problem = models.CharField(max_length=500, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    unscoped = models.Manager["CatalogSync"]()
    objects = OwnedManager["CatalogSync"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection"],
                condition=models.Q(status__in=["queued", "running"]),
                name="one_open_sync_per_connection",
            )
        ]
        indexes = [models.Index(fields=["connection", "-id"], name="sync_by_connection")]

    def __str__(self) -> str:
        return f"sync of {self.connection_id} ({self.status})"

    @property
    def open(self) -> bool:
        return self.status in self.OPEN

    @property
    def percent(self) -> int:
        """0 to 99 while it is open: the pages are nearly all of the work."""
        if self.verifying:
            return 99
        return min(98, 100 * self.read // self.total) if self.total else 0
