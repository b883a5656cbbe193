from __future__ import annotations

from django.db import models

from accounts.models.owned import Owned, OwnedManager


class LedgerEntry(Owned):
    """One movement of credits. The balance of an organization is the sum of `amount` over its entries.

    A job reserves (amount −n). When it ends, `capture` records what was charged (amount 0, `charged` = n: the
    credits left with the reservation) and `release` gives back what was not (amount +n).
    """

    class Kind(models.TextChoices):
        GRANT = "grant"
        RESERVE = "reserve"
        CAPTURE = "capture"
        RELEASE = "release"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    amount = models.BigIntegerField()
    charged = models.BigIntegerField(default=0)
    balance_after = models.BigIntegerField()
    # A plain id: jobs live one floor up.
    job_id = models.UUIDField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    unscoped = models.Manager["LedgerEntry"]()
    objects = OwnedManager["LedgerEntry"]()

    class Meta:
        constraints = [
            # The net under the code: no job can reserve, be charged or be given back twice.
            models.UniqueConstraint(
                fields=["job_id", "kind"],
                condition=models.Q(job_id__isnull=False),
                name="one_entry_per_job_and_kind",
            )
        ]
        indexes = [
            models.Index(fields=["organization", "-id"], name="ledger_by_organization"),
            models.Index(fields=["organization", "created_at"], name="ledger_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount:+d}"
