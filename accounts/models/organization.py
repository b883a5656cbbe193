from __future__ import annotations

import zoneinfo

from django.db import models

from accounts.kit.ids import uuid7


class Organization(models.Model):
    """The owner of everything: photos, jobs, keys, credits, connections."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=60, unique=True)
    # Always the sum of the ledger: written together with its entries, in one transaction (actions/credits.py).
    credit_balance = models.BigIntegerField(default=0)
    # Whether the subscribers know that it is low: told once, again only after it was above (actions/credits.py).
    credits_low_told = models.BooleanField(default=False)
    # Whose night it is when the shops are read, and whose clock their quiet hours follow.
    time_zone = models.CharField(max_length=64, default="UTC")
    # Credits that come on the 1st of each month (UTC); what is left of them ends with the month (actions/grants.py).
    monthly_credits = models.PositiveBigIntegerField(default=0)
    # What needs a second person (actions/approvals.py): publishing, and jobs that cost more than so many credits.
    approve_publishing = models.BooleanField(default=False)
    approve_spending_above = models.PositiveIntegerField(null=True)
    plan = models.ForeignKey("accounts.Plan", null=True, blank=True, on_delete=models.SET_NULL)
    # When everything of it is deleted: an owner has closed it, and any owner may keep it until then.
    closes_at = models.DateTimeField(null=True)
    # Members who have not set it up reach nothing of the organization (dashboard/session.py); API keys do.
    two_factor_required = models.BooleanField(default=False)
    # The image that it shows of itself: a plain id, as images live on a higher floor (processing/actions/logo.py).
    logo_id = models.UUIDField(null=True, editable=False)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """UTC where the name has left the database of zones."""
        try:
            return zoneinfo.ZoneInfo(self.time_zone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            return zoneinfo.ZoneInfo("UTC")
