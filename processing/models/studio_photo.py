from __future__ import annotations

from django.conf import settings
from django.db import models

from accounts.kit.ids import uuid7
from accounts.models.owned import Owned, OwnedManager
from processing.models.asset import Asset
from processing.models.job_image import JobImage


class StudioPhoto(Owned):
    """A photo on somebody's film strip: it stays there over reloads and devices until it is taken off."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="+")
    latest = models.ForeignKey(JobImage, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    unscoped = models.Manager["StudioPhoto"]()
    objects = OwnedManager["StudioPhoto"]()

    class Meta:
        indexes = [models.Index(fields=["organization", "user", "id"], name="studio_photo_strip")]

    def __str__(self) -> str:
        return str(self.asset_id)
