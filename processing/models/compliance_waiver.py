from __future__ import annotations

from django.conf import settings
from django.db import models

from accounts.kit.ids import uuid7
from accounts.models.owned import Owned, OwnedManager


class ComplianceWaiver(Owned):
    """A finding that somebody has marked as not applicable, with the reason. It holds for these very bytes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sha256 = models.CharField(max_length=64)
    profile = models.CharField(max_length=120)  # marketplace/slot, or the slug of an own profile
    rule = models.CharField(max_length=60)  # the row's key in the profile
    reason = models.CharField(max_length=300)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    unscoped = models.Manager["ComplianceWaiver"]()
    objects = OwnedManager["ComplianceWaiver"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "sha256", "profile", "rule"], name="one_waiver_per_finding")
        ]

    def __str__(self) -> str:
        return f"{self.profile} {self.rule}"
