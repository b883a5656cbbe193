from __future__ import annotations

from django.db import models
from django.utils import timezone

from accounts.models.owned import Owned, OwnedManager
from processing.models.blob import Blob


class KeptMask(Owned):
    """A mask that an engine has made of a photo, kept in the file storage beside it. It goes when the photo goes.

    `name`: what made it (model, runtime and the model's file), and its file's name behind that of the photo.
    """

    blob = models.ForeignKey(Blob, on_delete=models.CASCADE, related_name="masks")
    name = models.CharField(max_length=160)
    bytes = models.PositiveIntegerField()
    used_at = models.DateTimeField(default=timezone.now)

    unscoped = models.Manager["KeptMask"]()
    objects = OwnedManager["KeptMask"]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["blob", "name"], name="one_mask_per_photo_and_engine")]
        indexes = [models.Index(fields=["used_at", "bytes"], name="kept_mask_oldest")]

    def __str__(self) -> str:
        return self.name
