from __future__ import annotations

import uuid

from django.db import models

from accounts.models.owned import Owned, OwnedManager

# Milliseconds at which a bucket of the latency histogram ends; the last bucket has no end.
BOUNDS = (
    10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000, 1500, 2000, 3000, 5000, 7000, 10_000, 20_000, 30_000,
    60_000, 300_000,
)  # fmt: skip
BUCKETS = (*(f"up_to_{bound}" for bound in BOUNDS), "longer")
SUMMED = ("calls", "errors_4xx", "errors_5xx", "credits", "total_ms", *BUCKETS)
# Stands where there is no API key: NULLs would never be equal to each other in the unique constraint.
NO_KEY = uuid.UUID(int=0)
# What was asked for by people has no endpoint.
DASHBOARD = "Dashboard"
# The label that all further labels of a day are counted under.
OTHER = "(other)"


class UsageSums(Owned):
    """Base of rows that are sums of calls: sums of them are sums of calls too, also the histogram's, from which
    percentiles are estimated."""

    calls = models.BigIntegerField(default=0)
    errors_4xx = models.BigIntegerField(default=0)
    errors_5xx = models.BigIntegerField(default=0)
    credits = models.BigIntegerField(default=0)
    total_ms = models.BigIntegerField(default=0)
    up_to_10 = models.IntegerField(default=0)
    up_to_15 = models.IntegerField(default=0)
    up_to_20 = models.IntegerField(default=0)
    up_to_30 = models.IntegerField(default=0)
    up_to_50 = models.IntegerField(default=0)
    up_to_70 = models.IntegerField(default=0)
    up_to_100 = models.IntegerField(default=0)
    up_to_150 = models.IntegerField(default=0)
    up_to_200 = models.IntegerField(default=0)
    up_to_300 = models.IntegerField(default=0)
    up_to_500 = models.IntegerField(default=0)
    up_to_700 = models.IntegerField(default=0)
    up_to_1000 = models.IntegerField(default=0)
    up_to_1500 = models.IntegerField(default=0)
    up_to_2000 = models.IntegerField(default=0)
    up_to_3000 = models.IntegerField(default=0)
    up_to_5000 = models.IntegerField(default=0)
    up_to_7000 = models.IntegerField(default=0)
    up_to_10000 = models.IntegerField(default=0)
    up_to_20000 = models.IntegerField(default=0)
    up_to_30000 = models.IntegerField(default=0)
    up_to_60000 = models.IntegerField(default=0)
    up_to_300000 = models.IntegerField(default=0)
    longer = models.IntegerField(default=0)

    class Meta:
        abstract = True


class UsageDay(UsageSums):
    """What was called and charged on one day (UTC), for one key, endpoint and label.

    Rows are added to, never replaced: by `actions/usage` every few seconds, and by the end of each charged job.
    """

    day = models.DateField()
    # A plain id: what a key has done outlives it.
    key = models.UUIDField(default=NO_KEY)
    endpoint = models.CharField(max_length=100)
    label = models.CharField(max_length=80, blank=True)

    unscoped = models.Manager["UsageDay"]()
    objects = OwnedManager["UsageDay"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "day", "key", "endpoint", "label"], name="one_row_of_usage")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.endpoint}: {self.calls}"
