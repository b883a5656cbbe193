from __future__ import annotations

from django.db import models

from accounts.models.owned import Owned, OwnedManager


class ComplianceDefault(Owned):
    """By which profile an organization's images are judged that no marketplace's preset has made.

    `profile`: a key as processing/queries/compliance.py has them; empty for none.
    """

    profile = models.CharField(max_length=120, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    unscoped = models.Manager["ComplianceDefault"]()
    objects = OwnedManager["ComplianceDefault"]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization"], name="one_default_profile_per_organization")]

    def __str__(self) -> str:
        return self.profile
