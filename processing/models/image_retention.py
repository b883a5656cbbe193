from __future__ import annotations

from django.db import models
from django.utils import timezone

from accounts.models.owned import Owned, OwnedManager


class ImageRetention(Owned):
    """An organization's rule: its images are deleted so many days after they were needed last. Without a row they stay.

    `next_at`: when the sweeper looks at the organization again; it moves on with each look, so that all have a turn.
    """

    days = models.PositiveSmallIntegerField()
    next_at = models.DateTimeField(default=timezone.now, db_index=True)

    unscoped = models.Manager["ImageRetention"]()
    objects = OwnedManager["ImageRetention"]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization"], name="one_image_retention_per_organization")]

    def __str__(self) -> str:
        return f"{self.days} days"
