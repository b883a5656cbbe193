from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.kit.ids import uuid7
from accounts.models.owned import Owned, OwnedManager
from integrations.models.connection import Connection


class PublishRun(Owned):
    """Many publications to one shop: the first few go out, somebody looks, the rest follows or comes back.

    It stops by itself when of the last ended ones more than `most_failures` percent were refused or failed.
    """

    class Status(models.TextChoices):
        APPROVAL = "approval"  # waits for a second person
        FIRST = "first"  # the first few are on their way
        WAITING = "waiting"  # for somebody to look at them
        RUNNING = "running"  # the rest is on its way
        STOPPED = "stopped"  # by itself or by somebody; may be gone on with
        FINISHED = "finished"
        REVERTING = "reverting"
        REVERTED = "reverted"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="runs")
    name = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.FIRST)
    size = models.PositiveIntegerField()
    first = models.PositiveIntegerField(default=10)
    most_failures = models.PositiveSmallIntegerField(default=20)
    resumed_at = models.DateTimeField(default=timezone.now)  # failures before it count no more
    stopped_because = models.CharField(max_length=300, blank=True)
    reverted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    unscoped = models.Manager["PublishRun"]()
    objects = OwnedManager["PublishRun"]()

    class Meta:
        indexes = [models.Index(fields=["organization", "-id"], name="publish_run_by_organization")]

    def __str__(self) -> str:
        return self.name
