from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.kit.ids import uuid7
from accounts.kit.public_organization import PUBLIC_ORGANIZATION_ID
from accounts.models.owned import Owned, OwnedManager

EXPIRING = timedelta(days=7)


class ApiKey(Owned):
    """A credential of a program. The key itself is shown once; only its keyed hash is stored.

    A rotated key has a successor (`replaced_by`) and works until `ends_at`, so that programs can change over in peace.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=20)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    sandbox = models.BooleanField(default=False)
    # Whose budget its calls count on; None: the organization's credits alone.
    team = models.ForeignKey("accounts.Team", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    maker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    rotated_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    replaced_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.RESTRICT, related_name="+")
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_used_ip = models.GenericIPAddressField(null=True, blank=True)
    last_used_endpoint = models.CharField(max_length=200, blank=True)

    unscoped = models.Manager["ApiKey"]()
    objects = OwnedManager["ApiKey"]()

    class Meta:
        indexes = [models.Index(fields=["organization", "-id"], name="api_key_by_organization")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rotated_at=None, ends_at=None, replaced_by=None)
                | models.Q(rotated_at__isnull=False, ends_at__isnull=False, replaced_by__isnull=False),
                name="api_key_rotated_whole_or_not",
            ),
            models.CheckConstraint(
                condition=~models.Q(organization=PUBLIC_ORGANIZATION_ID), name="no_key_opens_the_public"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}…"

    def usable(self, now: datetime | None = None) -> bool:
        """Whether the key opens anything."""
        now = now or timezone.now()
        ends = [moment for moment in (self.expires_at, self.ends_at) if moment]
        return self.revoked_at is None and all(moment > now for moment in ends)

    def status(self, now: datetime | None = None) -> str:
        """active, expiring (works, for a week at most), expired, revoked, or rotated (works until `ends_at`)."""
        now = now or timezone.now()
        if self.revoked_at:
            return "revoked"
        if self.rotated_at:
            return "rotated"
        if self.expires_at is None or self.expires_at > now + EXPIRING:
            return "active"
        return "expiring" if self.expires_at > now else "expired"
