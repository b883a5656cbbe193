from __future__ import annotations

from django.conf import settings
from django.db import models

from accounts.kit.ids import uuid7
from accounts.models.owned import Owned, OwnedManager
from processing.models.blob import Blob


class Asset(Owned):
    """An image of an organization: an uploaded photo, a finished output, a small proxy for previews, what a
    publication keeps of the images that it has sent and replaced, or the organization's logo.

    Its id is the API's `fileId`. Width and height are those of the upright image in pixels.
    """

    class Kind(models.TextChoices):
        UPLOAD = "upload"
        OUTPUT = "output"
        PREVIEW = "preview"
        KEPT = "kept"
        LOGO = "logo"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="assets")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(max_length=255)
    format = models.CharField(max_length=8)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    api_key = models.ForeignKey("accounts.ApiKey", null=True, on_delete=models.SET_NULL, related_name="+")
    expires_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # The same bytes were uploaded again under the same name: a rule that deletes old images counts from then.
    renewed_at = models.DateTimeField(null=True)

    unscoped = models.Manager["Asset"]()
    objects = OwnedManager["Asset"]()

    class Meta:
        indexes = [
            models.Index(fields=["organization", "kind", "-id"], name="asset_by_kind"),
            models.Index(fields=["expires_at"], condition=models.Q(expires_at__isnull=False), name="asset_expiry"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def stem(self) -> str:
        """The name without its extension."""
        head, dot, _ = self.name.rpartition(".")
        return head if dot and head else self.name
