from __future__ import annotations

from django.db import models
from django.utils import timezone

from accounts.kit.ids import uuid7
from accounts.models.owned import Owned, OwnedManager
from integrations.models.connection import Connection


class InboundDelivery(Owned):
    """Something that a shop told us, as it came, and what became of it. Worked on by claims, once.

    `body` is emptied after a few days, the row goes after a month.
    """

    class Status(models.TextChoices):
        WAITING = "waiting"
        HANDLED = "handled"
        FAILED = "failed"

    class Outcome(models.TextChoices):
        UPDATED = "updated"
        UNCHANGED = "unchanged"
        OURS = "ours"  # the echo of a publication of ours
        REMOVED = "removed"
        MERGED = "merged"  # with a later one about the same product
        NOTED = "noted"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="deliveries")
    topic = models.CharField(max_length=100)
    change = models.CharField(max_length=20)
    remote_id = models.CharField(max_length=100, blank=True)
    key = models.CharField(max_length=200)
    happened_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(default=timezone.now)
    headers = models.JSONField(default=dict)
    body = models.BinaryField()

    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    problem = models.CharField(max_length=500, blank=True)
    attempt = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    not_before = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(default=timezone.now)  # to the queue
    handled_at = models.DateTimeField(null=True)

    unscoped = models.Manager["InboundDelivery"]()
    objects = OwnedManager["InboundDelivery"]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "key"], name="one_delivery_per_key")]
        indexes = [
            models.Index(fields=["connection", "-id"], name="delivery_by_connection"),
            models.Index(fields=["received_at"], name="delivery_by_age"),
            models.Index(fields=["not_before"], condition=models.Q(status="waiting"), name="delivery_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.remote_id} ({self.status})"
