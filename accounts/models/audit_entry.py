from __future__ import annotations

from django.conf import settings
from django.db import models

from accounts.models.owned import Owned, OwnedManager


class AuditEntry(Owned):
    """Who did what to what, from where, with which credential. Written inside the action's own transaction."""

    action = models.CharField(max_length=60)
    target_kind = models.CharField(max_length=40)
    target_id = models.CharField(max_length=64)
    details = models.JSONField(default=dict)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    credential = models.CharField(max_length=40)
    ip = models.GenericIPAddressField(null=True, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    unscoped = models.Manager["AuditEntry"]()
    objects = OwnedManager["AuditEntry"]()

    class Meta:
        indexes = [
            models.Index(fields=["organization", "-id"], name="audit_by_organization"),
            models.Index(fields=["organization", "user", "-id"], name="audit_by_user"),
            models.Index(fields=["organization", "credential", "-id"], name="audit_by_credential"),
            models.Index(fields=["organization", "action", "-id"], name="audit_by_action"),
            models.Index(fields=["organization", "created_at"], name="audit_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.target_kind} {self.target_id}"
