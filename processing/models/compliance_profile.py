from __future__ import annotations

from django.conf import settings
from django.db import models

from accounts.kit.ids import uuid7
from accounts.models.owned import Owned, OwnedManager


class ComplianceProfile(Owned):
    """An organization's own rules: a built-in profile with changes. Its slug stands for a marketplace in calls."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=80)
    marketplace = models.CharField(max_length=40)  # of the built-in profile that it changes
    slot = models.CharField(max_length=20)
    version = models.PositiveIntegerField(default=1)
    changes = models.JSONField(default=dict)  # as processing/compliance/changes.py reads them
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    unscoped = models.Manager["ComplianceProfile"]()
    objects = OwnedManager["ComplianceProfile"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "slug"], name="one_profile_per_organization_and_slug")
        ]

    def __str__(self) -> str:
        return self.title


class ComplianceProfileVersion(Owned):
    """What the profile was at a version: reports name it, so it stays readable."""

    profile = models.ForeignKey(ComplianceProfile, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    changes = models.JSONField(default=dict)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    unscoped = models.Manager["ComplianceProfileVersion"]()
    objects = OwnedManager["ComplianceProfileVersion"]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["profile", "version"], name="one_row_per_profile_version")]

    def __str__(self) -> str:
        return f"{self.profile_id} {self.version}"
