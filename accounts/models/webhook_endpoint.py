from __future__ import annotations

from django.conf import settings
from django.db import models

from accounts.kit.ids import uuid7
from accounts.kit.webhook_events import ALL_EVENTS
from accounts.models.owned import Owned, OwnedManager
from accounts.models.signing_secret import SigningSecret


class WebhookEndpoint(Owned, SigningSecret):
    """An address of the organization's own that is told when something has happened."""

    class Status(models.TextChoices):
        ACTIVE = "active"
        DISABLED = "disabled"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    url = models.CharField(max_length=2000)
    events = models.JSONField(default=list)  # types of events, or ["*"]
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)
    disabled_reason = models.CharField(max_length=300, blank=True)
    failing_since = models.DateTimeField(null=True)  # the first failure after the last success
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    # The row outlives its deletion: a job may be writing a delivery to it at this very moment, and its history stays.
    deleted_at = models.DateTimeField(null=True)

    unscoped = models.Manager["WebhookEndpoint"]()
    objects = OwnedManager["WebhookEndpoint"]()

    class Meta:
        indexes = [models.Index(fields=["organization", "-id"], name="webhook_endpoint_by_org")]

    def __str__(self) -> str:
        return self.url

    @property
    def active(self) -> bool:
        return self.status == self.Status.ACTIVE and self.deleted_at is None

    def wants(self, event_type: str) -> bool:
        return ALL_EVENTS in self.events or event_type in self.events
