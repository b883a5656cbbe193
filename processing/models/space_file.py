from __future__ import annotations

import hashlib

from django.db import models

from accounts.models.owned import Owned, OwnedManager
from processing.models.asset import Asset
from processing.space_path import LONGEST


class SpaceFile(Owned):
    """A path in the organization's file space and the image that is there. It goes when the image goes.

    `digest` is looked up: PostgreSQL's indexes do not hold a path of 1024 characters.
    """

    digest = models.CharField(max_length=64)
    path = models.CharField(max_length=LONGEST)
    asset = models.OneToOneField(Asset, on_delete=models.CASCADE, related_name="space_file")

    unscoped = models.Manager["SpaceFile"]()
    objects = OwnedManager["SpaceFile"]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "digest"], name="one_space_file_per_path")]

    def __str__(self) -> str:
        return self.path

    @staticmethod
    def digest_of(path: str) -> str:
        """SHA-256 in hex."""
        return hashlib.sha256(path.encode()).hexdigest()
