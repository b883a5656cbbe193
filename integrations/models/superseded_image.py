from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.kit.ids import uuid7
from accounts.models.owned import Owned, OwnedManager
from integrations.models.connection import Connection
from integrations.models.publication import Publication


class SupersededImage(Owned):
    """A file in a shop's library that a publication of ours has put there, and that no product shows any more.

    Removed by claims (attempt and lease). `publication` is the one that brought it, `product` that one's product.
    """

    class Status(models.TextChoices):
        WAITING = "waiting"
        KEPT = "kept"  # somebody has said so
        LEFT = "left"  # something still needs it, see `note`
        REMOVED = "removed"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="superseded")
    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="+")
    product = models.CharField(max_length=100)
    remote_id = models.CharField(max_length=200)
    since = models.DateTimeField(default=timezone.now)  # when it was found, from which the time of grace counts
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    note = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField(null=True)  # somebody does not want to wait for its time
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    attempt = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)  # in a row
    lease_until = models.DateTimeField(null=True)
    not_before = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True)

    unscoped = models.Manager["SupersededImage"]()
    objects = OwnedManager["SupersededImage"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "remote_id"], name="one_superseded_image_per_remote_id")
        ]
        indexes = [
            models.Index(
                fields=["connection", "-id"], condition=~models.Q(status="removed"), name="superseded_by_connection"
            ),
            models.Index(fields=["not_before"], condition=models.Q(status="waiting"), name="superseded_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.remote_id} of {self.product}"
