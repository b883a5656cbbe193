from __future__ import annotations

from django.db import models

from accounts.kit.ids import uuid7
from accounts.models.api_key import ApiKey
from accounts.models.owned import Owned, OwnedManager
from accounts.models.team import Team


class Budget(Owned):
    """How many credits a team or an API key may spend in a calendar month (UTC).

    At the soft limit people are told; a job that would go beyond the hard one is refused. None is no limit.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team = models.OneToOneField(Team, null=True, on_delete=models.CASCADE, related_name="budget")
    api_key = models.OneToOneField(ApiKey, null=True, on_delete=models.CASCADE, related_name="budget")
    soft = models.PositiveBigIntegerField(null=True)
    hard = models.PositiveBigIntegerField(null=True)

    unscoped = models.Manager["Budget"]()
    objects = OwnedManager["Budget"]()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(team=None, api_key__isnull=False) | models.Q(team__isnull=False, api_key=None),
                name="budget_of_a_team_or_a_key",
            ),
            models.CheckConstraint(
                condition=models.Q(soft__isnull=False) | models.Q(hard__isnull=False), name="budget_has_a_limit"
            ),
        ]

    def __str__(self) -> str:
        return f"budget of {self.team or self.api_key}"


class BudgetMonth(Owned):
    """What was spent of a budget in the month that begins at `month`: reserved and charged, less what came back.

    Written under the organization's row lock, like the ledger, whose entries it sums.
    """

    budget = models.ForeignKey(Budget, on_delete=models.CASCADE, related_name="months")
    month = models.DateField()
    spent = models.BigIntegerField(default=0)
    soft_told = models.BooleanField(default=False)
    hard_told = models.BooleanField(default=False)

    unscoped = models.Manager["BudgetMonth"]()
    objects = OwnedManager["BudgetMonth"]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["budget", "month"], name="one_row_per_budget_and_month")]

    def __str__(self) -> str:
        return f"{self.spent} in {self.month:%Y-%m}"
