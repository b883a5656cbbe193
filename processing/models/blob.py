from __future__ import annotations

from django.db import models

from accounts.models.owned import Owned, OwnedManager


class Blob(Owned):
    """Bytes in the file storage, kept once per organization under their SHA-256."""

    sha256 = models.CharField(max_length=64)
    bytes = models.BigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    unscoped = models.Manager["Blob"]()
    objects = OwnedManager["Blob"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "sha256"], name="one_blob_per_organization_and_hash")
        ]

    def __str__(self) -> str:
        return self.sha256

    @property
    def path(self) -> str:
        """Where the bytes lie in the file storage."""
        return f"{self.organization_id}/{self.sha256[:2]}/{self.sha256}"
