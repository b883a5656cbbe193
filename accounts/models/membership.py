from __future__ import annotations

from django.conf import settings
from django.db import models

from accounts.access.permissions import Role
from accounts.kit.public_organization import PUBLIC_ORGANIZATION_ID
from accounts.models.owned import Owned, OwnedManager


class Membership(Owned):
    """A person's place in an organization. One person can have several."""

    organization = models.ForeignKey("accounts.Organization", on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=[(role.value, role.value.capitalize()) for role in Role])
    created_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)

    unscoped = models.Manager["Membership"]()
    objects = OwnedManager["Membership"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "user"], name="one_membership_per_person"),
            models.CheckConstraint(
                condition=~models.Q(organization=PUBLIC_ORGANIZATION_ID), name="nobody_belongs_to_the_public"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} as {self.role} in {self.organization_id}"
