from __future__ import annotations

from django.db import models
from django.utils import timezone

from accounts.models.owned import Owned, OwnedManager
from integrations.models.connection import Connection


class CatalogPicture(Owned):
    """Our small copy of an image of a shop, or when it may be asked for again. `key`: SHA-256 of its address."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="pictures")
    key = models.CharField(max_length=64)
    fetched_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)  # in a row
    problem = models.CharField(max_length=300, blank=True)
    not_before = models.DateTimeField(default=timezone.now)

    unscoped = models.Manager["CatalogPicture"]()
    objects = OwnedManager["CatalogPicture"]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "key"], name="one_catalog_picture_per_address")]
        indexes = [models.Index(fields=["connection", "fetched_at"], name="catalog_picture_by_age")]

    def __str__(self) -> str:
        return self.key

    @property
    def path(self) -> str:
        """Where the WebP lies in the file storage."""
        return f"{self.organization_id}/catalog/{self.connection_id}/{self.key[:2]}/{self.key}.webp"
