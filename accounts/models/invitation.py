from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.access.permissions import Role
from accounts.kit.ids import uuid7
from accounts.models.owned import Owned, OwnedManager
from accounts.models.team import Team


class Invitation(Owned):
    """A place in an organization that somebody is asked to take. Its token is in one e-mail and nowhere else: only a
    keyed hash of it is stored, and sending it again makes a new one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField()
    role = models.CharField(max_length=10, choices=[(role.value, role.value.capitalize()) for role in Role])
    teams = models.ManyToManyField(Team, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    # Empty: the mail server did not take the last e-mail.
    sent_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    unscoped = models.Manager["Invitation"]()
    objects = OwnedManager["Invitation"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "organization",
                Lower("email"),
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="one_open_invitation_per_address",
            )
        ]
        indexes = [models.Index(fields=["organization", "-id"], name="invitation_by_organization")]

    def __str__(self) -> str:
        return f"{self.email} as {self.role}"

    @property
    def open(self) -> bool:
        """Neither accepted nor revoked; it may have expired."""
        return self.accepted_at is None and self.revoked_at is None

    def usable(self, now: datetime | None = None) -> bool:
        return self.open and self.expires_at > (now or timezone.now())
