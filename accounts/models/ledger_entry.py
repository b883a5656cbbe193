from __future__ import annotations

from django.db import models

from accounts.models.owned import Owned, OwnedManager


class LedgerEntry(Owned):
    """One movement of credits. The balance of an organization is the sum of `amount` over its entries.

    A job reserves (amount −n). When it ends, `capture` records what was charged (amount 0, `charged` = n: the
    credits left with the reservation) and `release` gives back what was not (amount +n). A monthly grant ends with its
    month: `expiry` takes what is left of it (amount −n); both name their `month`.
    """

    class Kind(models.TextChoices):
        GRANT = "grant"
        RESERVE = "reserve"
        CAPTURE = "capture"
        RELEASE = "release"
        EXPIRY = "expiry"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    amount = models.BigIntegerField()
    charged = models.BigIntegerField(default=0)
    balance_after = models.BigIntegerField()
    # A plain id: jobs live one floor up.
    job_id = models.UUIDField(null=True, blank=True)
    # Who spends: the key that was used, and the team whose budget it counts on.
    api_key = models.ForeignKey("accounts.ApiKey", null=True, on_delete=models.SET_NULL, related_name="+")
    team = models.ForeignKey("accounts.Team", null=True, on_delete=models.SET_NULL, related_name="+")
    month = models.DateField(null=True)  # the first day
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
            ),
            models.UniqueConstraint(
                fields=["organization", "kind", "month"],
                condition=models.Q(month__isnull=False),
                name="one_monthly_entry_of_a_kind",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "-id"], name="ledger_by_organization"),
            models.Index(fields=["organization", "created_at"], name="ledger_by_time"),
            models.Index(fields=["organization", "kind", "-id"], name="ledger_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount:+d}"
