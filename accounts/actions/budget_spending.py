"""What a reservation takes from the budgets of its spenders, and what comes back. Called under the organization's row
lock, inside the transaction of the ledger entry, so that the months always equal the ledger."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

from django.db.models import F
from django.utils.translation import gettext

from accounts.actions import credit_mail
from accounts.kit.errors import BudgetSpent
from accounts.models import Budget, BudgetMonth
from accounts.queries.spending import budgets_of


def month_of(moment: datetime) -> date:
    """The first day of the month in UTC."""
    return moment.astimezone(UTC).date().replace(day=1)


def take(
    organization_id: uuid.UUID,
    amount: int,
    *,
    key: uuid.UUID | None,
    team: uuid.UUID | None,
    now: datetime,
    rotated: bool = True,
) -> None:
    """Raises BudgetSpent, and then nothing may be kept of the transaction. `rotated`: as `budgets_of` has it."""
    for budget in budgets_of(organization_id, key=key, team=team, rotated=rotated):
        row = _row(budget, month_of(now))
        refuse(budget, row.spent, amount)
        row.spent += amount
        soft = budget.soft is not None and row.spent >= budget.soft
        hard = budget.hard is not None and row.spent >= budget.hard
        tell = (hard and not row.hard_told) or (soft and not row.soft_told)
        row.soft_told, row.hard_told = row.soft_told or soft, row.hard_told or hard
        row.save(update_fields=["spent", "soft_told", "hard_told"])
        if tell:
            credit_mail.tell_of_budget(row)


def give_back(
    organization_id: uuid.UUID, amount: int, *, key: uuid.UUID | None, team: uuid.UUID | None, reserved_at: datetime
) -> None:
    """To the month that it was reserved in."""
    budgets = budgets_of(organization_id, key=key, team=team)
    rows = BudgetMonth.unscoped.filter(budget__in=budgets, month=month_of(reserved_at))
    rows.update(spent=F("spent") - amount)


def refuse(budget: Budget, spent: int, amount: int) -> None:
    """Raises BudgetSpent."""
    if budget.hard is None or spent + amount <= budget.hard:
        return
    left = max(0, budget.hard - spent)
    if budget.team:
        words = gettext(
            "The team {name} has {left:,} of its {hard:,} credits of this month left, and this costs {amount:,}. "
            "An admin can raise the budget."
        )
    else:
        words = gettext(
            "The API key {name} has {left:,} of its {hard:,} credits of this month left, and this costs {amount:,}. "
            "An admin can raise the budget."
        )
    name = budget.team.name if budget.team else budget.api_key
    raise BudgetSpent(words.format(name=name, left=left, hard=budget.hard, amount=amount))


def _row(budget: Budget, month: date) -> BudgetMonth:
    row, _ = BudgetMonth.unscoped.get_or_create(
        budget=budget, month=month, defaults={"organization_id": budget.organization_id}
    )
    return row
