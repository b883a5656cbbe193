"""Budgets: set, changed, removed. What was spent this month before counts from the start."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, time

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import audit
from accounts.actions.budget_spending import month_of
from accounts.kit.errors import InvalidInput
from accounts.models import ApiKey, Budget, BudgetMonth, LedgerEntry, Organization, Team
from accounts.queries.api_keys import api_key
from accounts.queries.spending import predecessors
from accounts.queries.teams import team

_Kind = LedgerEntry.Kind
MOST = 1_000_000_000


@transaction.atomic
def set_team_budget(actor: Actor, *, team_id: uuid.UUID, soft: int | None, hard: int | None) -> Budget | None:
    """None for both removes it. Raises NotFound, InvalidInput."""
    actor.require(Permission.MEMBERS_WRITE)
    row = team(actor, team_id)
    return _set(actor, Q(team=row), soft=soft, hard=hard, of_team=row, name=row.name)


@transaction.atomic
def set_key_budget(
    actor: Actor, *, key_id: uuid.UUID, team_id: uuid.UUID | None, soft: int | None, hard: int | None
) -> Budget | None:
    """Whose budget its calls count on besides its own, and its own. None for both limits removes that.

    What was spent before stays where it was counted. Raises NotFound, InvalidInput.
    """
    actor.require(Permission.KEYS_WRITE)
    row = api_key(actor, key_id)
    if row.team_id != team_id:
        whose = team(actor, team_id) if team_id else None
        before, row.team = row.team, whose
        row.save(update_fields=["team"])
        names = {"before": {"team": before.name if before else ""}, "after": {"team": whose.name if whose else ""}}
        audit.record(
            actor, "api_key.edited", target_kind="api_key", target_id=row.pk, details={"name": row.name} | names
        )
    return _set(actor, Q(api_key=row), soft=soft, hard=hard, of_key=row, name=row.name)


def _set(
    actor: Actor,
    of: Q,
    *,
    soft: int | None,
    hard: int | None,
    name: str,
    of_team: Team | None = None,
    of_key: ApiKey | None = None,
) -> Budget | None:
    _check(soft, hard)
    # Whoever reserves credits holds this lock too: no reservation falls between the sum and the budget.
    Organization.objects.select_for_update(no_key=True).get(pk=actor.organization.pk)
    row = Budget.objects.of(actor).filter(of).first()
    before = {"soft": row.soft, "hard": row.hard} if row else {"soft": None, "hard": None}
    after = {"soft": soft, "hard": hard}
    if before == after:
        return row
    if soft is None and hard is None:
        Budget.objects.of(actor).filter(of).delete()
        row = None
    elif row:
        row.soft, row.hard = soft, hard
        row.save(update_fields=["soft", "hard"])
        # A limit that was raised is told of again.
        row.months.update(soft_told=False, hard_told=False)
    else:
        row = Budget(organization=actor.organization, team=of_team, api_key=of_key, soft=soft, hard=hard)
        row.save(force_insert=True)
        _count_this_month(row)
    audit.record(
        actor,
        "budget.changed",
        target_kind="team" if of_team else "api_key",
        target_id=of_team.pk if of_team else of_key.pk if of_key else None,
        details={"name": name, "before": before, "after": after},
    )
    return row


def _check(soft: int | None, hard: int | None) -> None:
    for name, value in (("soft", soft), ("hard", hard)):
        if value is not None and not 0 <= value <= MOST:
            raise InvalidInput(
                gettext("Use a whole number from 0 to {most:,}, or leave it empty.").format(most=MOST), field=name
            )
    if soft is not None and hard is not None and soft > hard:
        raise InvalidInput(
            gettext("People are told before work is refused: this cannot be above the limit."), field="soft"
        )


def _count_this_month(row: Budget) -> None:
    now = timezone.now()
    first = month_of(now)
    # From midnight in UTC: `__date` would be a day of whoever's time zone is active.
    since = datetime.combine(first, time.min, tzinfo=UTC)
    entries = LedgerEntry.unscoped.filter(organization=row.organization_id, created_at__gte=since)
    if row.team_id:
        entries = entries.filter(team=row.team_id)
    elif row.api_key_id:
        entries = entries.filter(api_key__in=[row.api_key_id, *predecessors(row.api_key_id)])
    # What came back counts in the month of its reservation.
    reserved = entries.filter(kind=_Kind.RESERVE)
    back = LedgerEntry.unscoped.filter(kind=_Kind.RELEASE, job_id__in=reserved.values("job_id"))
    spent = -(reserved.aggregate(sum=Sum("amount"))["sum"] or 0) - (back.aggregate(sum=Sum("amount"))["sum"] or 0)
    BudgetMonth.unscoped.create(organization_id=row.organization_id, budget=row, month=first, spent=spent)
