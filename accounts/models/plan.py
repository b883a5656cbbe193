from __future__ import annotations

from django.db import models


class Plan(models.Model):
    """What an organization gets and how much room it has. None is no limit. The operator makes plans in the admin."""

    name = models.CharField(max_length=60, unique=True)
    monthly_credits = models.PositiveBigIntegerField(default=0)
    members = models.PositiveIntegerField(null=True, blank=True)  # with the invitations that wait
    api_keys = models.PositiveIntegerField(null=True, blank=True)  # that work
    connections = models.PositiveIntegerField(null=True, blank=True)
    storage_megabytes = models.PositiveBigIntegerField(null=True, blank=True)  # of 1,000,000 bytes

    def __str__(self) -> str:
        return self.name
