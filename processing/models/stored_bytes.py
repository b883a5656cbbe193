from __future__ import annotations

from django.db import models

from accounts.models.owned import Owned, OwnedManager


class StoredBytes(Owned):
    """How much an organization whose plan has a limit has stored, as it was counted last plus what has come since.

    `told`: its owners and admins know that it is nearly full; told once, again only after there was room.
    """

    bytes = models.BigIntegerField(default=0)
    counted_at = models.DateTimeField()
    told = models.BooleanField(default=False)

    unscoped = models.Manager["StoredBytes"]()
    objects = OwnedManager["StoredBytes"]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization"], name="one_stored_bytes_per_organization")]

    def __str__(self) -> str:
        return f"{self.bytes} bytes"
