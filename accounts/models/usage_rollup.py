from __future__ import annotations

from django.db import models

from accounts.models.owned import OwnedManager
from accounts.models.usage_day import NO_KEY, UsageSums


class UsageRollup(UsageSums):
    """Days of usage added up once nothing is added to them any more: a day in all, or a month by key, endpoint and
    label. Made again from the days at any time; the days stay.

    `until`: the last day that it covers. An organization's are made in order, so what lies after its latest one is
    to be read from the days.
    """

    class Kind(models.TextChoices):
        DAY = "day", "day"
        MONTH = "month", "month"

    kind = models.CharField(max_length=5, choices=Kind.choices)
    until = models.DateField()
    key = models.UUIDField(default=NO_KEY)
    endpoint = models.CharField(max_length=100, blank=True)
    label = models.CharField(max_length=80, blank=True)

    unscoped = models.Manager["UsageRollup"]()
    objects = OwnedManager["UsageRollup"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "until", "key", "endpoint", "label"], name="one_rollup_of_usage"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} until {self.until}: {self.calls}"
