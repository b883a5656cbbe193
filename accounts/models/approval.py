from __future__ import annotations

from django.conf import settings
from django.db import models

from accounts.kit.ids import uuid7
from accounts.models.owned import Owned, OwnedManager


class Approval(Owned):
    """Something that waits for a second person. `target_id`: a plain id, as what it is of lives on a higher floor."""

    class Kind(models.TextChoices):
        PUBLICATION = "publication"
        RUN = "publish_run"
        JOB = "job"

    class Status(models.TextChoices):
        PENDING = "pending"
        APPROVED = "approved"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"
        EXPIRED = "expired"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    target_id = models.UUIDField()
    title = models.CharField(max_length=300)
    images = models.PositiveIntegerField(default=1)
    credits = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PENDING)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    api_key = models.ForeignKey("accounts.ApiKey", null=True, on_delete=models.SET_NULL, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    comment = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    unscoped = models.Manager["Approval"]()
    objects = OwnedManager["Approval"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "target_id"],
                condition=models.Q(status="pending"),
                name="one_pending_approval_per_target",
            )
        ]
        indexes = [models.Index(fields=["organization", "-id"], name="approval_by_organization")]

    def __str__(self) -> str:
        return f"{self.title} ({self.status})"

    @property
    def pending(self) -> bool:
        return self.status == self.Status.PENDING
