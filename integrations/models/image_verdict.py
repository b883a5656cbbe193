from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.kit.ids import uuid7
from accounts.models.owned import Owned, OwnedManager
from integrations.models.catalog import CatalogProduct
from integrations.models.connection import Connection


class ImageVerdict(Owned):
    """What an image of a shop comes to by the rules of its place. Its address stands for its bytes: shops give an image
    that changes another one, so nothing is fetched twice.

    `asked_at`: it waits to be judged (again). Worked on by claims (attempt and lease). `key`: SHA-256 of the address,
    `rules`: key of a compliance profile, `product`: the one that it was asked for.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="verdicts")
    product = models.ForeignKey(CatalogProduct, null=True, on_delete=models.SET_NULL, related_name="+")
    key = models.CharField(max_length=64)
    rules = models.CharField(max_length=60)
    url = models.TextField()
    remote_id = models.CharField(max_length=100)
    verdict = models.CharField(max_length=4, blank=True)  # pass, warn or fail; empty until it was judged
    version = models.CharField(max_length=60, blank=True)  # of the rules
    findings = models.JSONField(default=list)  # what is against it: title, status, detail, wanted
    judged_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)  # why it could not be had
    asked_at = models.DateTimeField(null=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    attempt = models.PositiveIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)  # in a row
    lease_until = models.DateTimeField(null=True)
    not_before = models.DateTimeField(default=timezone.now)

    unscoped = models.Manager["ImageVerdict"]()
    objects = OwnedManager["ImageVerdict"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "key", "rules"], name="one_verdict_per_address_and_rules")
        ]
        indexes = [
            models.Index(
                fields=["connection", "not_before"],
                condition=models.Q(asked_at__isnull=False),
                name="image_verdict_waiting",
            ),
            models.Index(fields=["product"], name="image_verdict_by_product"),
        ]

    def __str__(self) -> str:
        return f"{self.verdict or 'no verdict yet'} of {self.url}"
