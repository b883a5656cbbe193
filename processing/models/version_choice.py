from __future__ import annotations

from django.conf import settings
from django.db import models

from accounts.kit.ids import uuid7
from accounts.models.owned import Owned, OwnedManager
from processing.models.job_image import JobImage


class VersionChoice(Owned):
    """Somebody has made one version of a photo the current one, or let all of them be shown again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    origin = models.CharField(max_length=64)  # as JobImage has it
    every_version = models.BooleanField(default=False)
    # Which one; None once its job is gone, and where every version is shown.
    image = models.ForeignKey(JobImage, null=True, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    unscoped = models.Manager["VersionChoice"]()
    objects = OwnedManager["VersionChoice"]()

    class Meta:
        indexes = [models.Index(fields=["organization", "origin", "-id"], name="version_choice_origin")]

    def __str__(self) -> str:
        return "every version" if self.every_version else str(self.image_id)
