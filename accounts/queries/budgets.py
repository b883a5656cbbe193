"""Budgets with what was spent of them this month."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.models import Budget, BudgetMonth


@dataclass(frozen=True, slots=True)
class Standing:
    """A budget this month (UTC). `percent`: of the hard limit, else of the soft one."""

    budget: Budget
    spent: int

    @property
    def percent(self) -> int:
        most = self.budget.hard if self.budget.hard is not None else self.budget.soft
        return min(100, 100 * max(0, self.spent) // most) if most else 100

    @property
    def used_up(self) -> bool:
        return self.budget.hard is not None and self.spent >= self.budget.hard

    @property
    def warned(self) -> bool:
        return self.budget.soft is not None and self.spent >= self.budget.soft


def standings(actor: Actor) -> list[Standing]:
    """The fullest first, 100 at most."""
    actor.require(Permission.CREDITS_READ)
    share = F("spent") * 1000 / Greatest(Coalesce("hard", "soft"), 1)
    rows = _with_spent(actor).order_by(share.desc(), "pk")[:100]
    return [_standing(row) for row in rows]


def standing_of_team(actor: Actor, team_id: uuid.UUID) -> Standing | None:
    actor.require(Permission.CREDITS_READ)
    row = _with_spent(actor).filter(team=team_id).first()
    return _standing(row) if row else None


def standing_of_key(actor: Actor, key_id: uuid.UUID) -> Standing | None:
    actor.require(Permission.CREDITS_READ)
    row = _with_spent(actor).filter(api_key=key_id).first()
    return _standing(row) if row else None


def _with_spent(actor: Actor) -> QuerySet[Budget]:
    today = timezone.now().date().replace(day=1)
    month = BudgetMonth.objects.of(actor).filter(budget=OuterRef("pk"), month=today).values("spent")
    rows = Budget.objects.of(actor).select_related("team", "api_key")
    return rows.annotate(spent=Coalesce(Subquery(month), 0))


def _standing(row: Budget) -> Standing:
    return Standing(row, row.spent)  # type: ignore[attr-defined]
