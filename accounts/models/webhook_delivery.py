from __future__ import annotations

from django.db import models
from django.utils import timezone

from accounts.kit.ids import uuid7
from accounts.kit.webhook_signatures import message_id
from accounts.models.owned import Owned, OwnedManager
from accounts.models.webhook_endpoint import WebhookEndpoint


class WebhookEvent(Owned):
    """Something that has happened, in the words that are sent. Written in the transaction in which it happens."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    type = models.CharField(max_length=40)
    body = models.TextField()  # byte for byte what is sent and signed, in every try; ASCII
    # A plain id: jobs live one floor up.
    job_id = models.UUIDField(null=True, db_index=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    unscoped = models.Manager["WebhookEvent"]()
    objects = OwnedManager["WebhookEvent"]()

    class Meta:
        indexes = [models.Index(fields=["organization", "type", "-id"], name="webhook_event_by_type")]

    def __str__(self) -> str:
        return f"{self.type} {self.message_id}"

    @property
    def message_id(self) -> str:
        return message_id(self.id)


class WebhookDelivery(Owned):
    """One event on its way to one address."""

    class Status(models.TextChoices):
        WAITING = "waiting"  # no try has ended yet
        SUCCEEDED = "succeeded"
        FAILED = "failed"  # the last try; another one will come
        GIVEN_UP = "given_up", "Given up"

    OPEN = (Status.WAITING, Status.FAILED)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    event = models.ForeignKey(WebhookEvent, on_delete=models.CASCADE, related_name="deliveries")
    # None for a job's own webhookUrl, which the organization's default secret signs.
    endpoint = models.ForeignKey(WebhookEndpoint, null=True, on_delete=models.CASCADE, related_name="deliveries")
    url = models.CharField(max_length=2000)
    host = models.CharField(max_length=255)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    reason = models.CharField(max_length=300, blank=True)  # why it was given up, where no answer says it
    tries = models.PositiveIntegerField(default=0)  # that have ended
    next_try_at = models.DateTimeField(null=True, default=timezone.now)
    # A worker has it until then; `claims` fences its result.
    lease_until = models.DateTimeField(null=True)
    claims = models.PositiveIntegerField(default=0)
    last_try_at = models.DateTimeField(null=True)

    unscoped = models.Manager["WebhookDelivery"]()
    objects = OwnedManager["WebhookDelivery"]()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=models.Q(next_try_at__isnull=False), name="webhook_delivery_due"
            ),
            models.Index(fields=["organization", "-id"], name="webhook_delivery_by_org"),
            models.Index(fields=["endpoint", "-id"], name="webhook_delivery_by_endpoint"),
            models.Index(fields=["organization", "status", "-id"], name="webhook_delivery_by_status"),
            # How healthy an endpoint is, from the index alone.
            models.Index(fields=["endpoint", "last_try_at", "status"], name="webhook_delivery_health"),
        ]

    def __str__(self) -> str:
        return f"{self.url} ({self.status})"

    @property
    def address(self) -> str:
        """For everybody to see: what follows the question mark is often a password."""
        return self.url.partition("?")[0].partition("#")[0]

    @property
    def can_be_sent_again(self) -> bool:
        return self.endpoint is None or self.endpoint.active


class WebhookAttempt(Owned):
    """One try of a delivery: what was signed when, and what came back."""

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    signature = models.TextField(blank=True)
    ms = models.PositiveIntegerField()
    status_code = models.PositiveSmallIntegerField(null=True)
    answer = models.TextField(blank=True)  # the first 2 KB
    error = models.CharField(max_length=300, blank=True)  # in words; empty for a success

    unscoped = models.Manager["WebhookAttempt"]()
    objects = OwnedManager["WebhookAttempt"]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "number"], name="one_webhook_attempt_per_number")]

    def __str__(self) -> str:
        return f"try {self.number} of {self.delivery_id}"
