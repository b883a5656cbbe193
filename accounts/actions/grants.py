"""Credits of the month: they come on the 1st (UTC), and what is left of the last ones ends then."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.actions import audit, credits
from accounts.actions.budget_spending import month_of
from accounts.kit.errors import InvalidInput
from accounts.models import LedgerEntry, Organization, Plan

_Kind = LedgerEntry.Kind
_AT_ONCE = 200
MOST = 1_000_000_000


@transaction.atomic
def set_monthly_credits(actor: Actor, *, amount: int) -> None:
    """By the operator. The first ones come at once, 0 ends it; credits that are there stay until their month ends."""
    if not 0 <= amount <= MOST:
        raise InvalidInput(gettext("Use a whole number from 0 to {most:,}.").format(most=MOST), field="monthly")
    row = Organization.objects.select_for_update(no_key=True).get(pk=actor.organization.pk)
    before, row.monthly_credits = row.monthly_credits, amount
    row.save(update_fields=["monthly_credits"])
    audit.record(
        actor,
        "credits.monthly_changed",
        target_kind="organization",
        target_id=row.pk,
        details={"before": {"monthly": before}, "after": {"monthly": amount}},
    )
    _turn(row.pk, month_of(timezone.now()))


@transaction.atomic
def set_plan(actor: Actor, *, plan: Plan | None) -> None:
    """By the operator. A plan brings its credits of each month; without one they stay as they are."""
    row = (
        Organization.objects.select_for_update(of=("self",), no_key=True)
        .select_related("plan")
        .get(pk=actor.organization.pk)
    )
    if row.plan == plan:
        return
    before, row.plan = row.plan, plan
    row.save(update_fields=["plan"])
    audit.record(
        actor,
        "organization.plan_changed",
        target_kind="organization",
        target_id=row.pk,
        details={"before": {"plan": str(before or "")}, "after": {"plan": str(plan or "")}},
    )
    if plan:
        set_monthly_credits(actor, amount=plan.monthly_credits)


def turn_months() -> None:
    """The sweeper's part. Harmless as often as it is called: the ledger has one grant and one expiry a month."""
    month = month_of(timezone.now())
    done = LedgerEntry.unscoped.filter(kind=_Kind.GRANT, month=month).values("organization")
    due = Organization.objects.filter(monthly_credits__gt=0).exclude(pk__in=done)
    ended = LedgerEntry.unscoped.filter(kind=_Kind.GRANT, month__lt=month, month__gte=month - timedelta(days=62))
    expired = LedgerEntry.unscoped.filter(kind=_Kind.EXPIRY, month__gte=month - timedelta(days=62))
    pairs = set(expired.values_list("organization", "month"))
    over = {
        organization
        for organization, of in ended.values_list("organization", "month")
        if (organization, of) not in pairs
    }
    for organization_id in [*due.values_list("pk", flat=True)[:_AT_ONCE], *sorted(over)[:_AT_ONCE]]:
        with transaction.atomic():
            _turn(organization_id, month)


def _turn(organization_id: uuid.UUID, month: date) -> None:
    # The lock first: two sweepers at once find the other's entries.
    row = Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
    entries = LedgerEntry.unscoped.filter(organization=organization_id)
    for old in entries.filter(kind=_Kind.GRANT, month__lt=month).order_by("pk"):
        if old.month and not entries.filter(kind=_Kind.EXPIRY, month=old.month).exists():
            credits.expire(
                organization_id,
                amount=_left(old),
                month=old.month,
                note=f"Left of the credits of {old.month:%B %Y}",
            )
    if row.monthly_credits and not entries.filter(kind=_Kind.GRANT, month=month).exists():
        credits.add(organization_id, amount=row.monthly_credits, month=month, note=f"Credits of {month:%B %Y}")


def _left(grant: LedgerEntry) -> int:
    """The grant less what was spent since: monthly credits go before all others. Never more than the balance."""
    since = LedgerEntry.unscoped.filter(organization=grant.organization_id, pk__gt=grant.pk)
    moved = since.filter(kind__in=(_Kind.RESERVE, _Kind.RELEASE)).aggregate(sum=Sum("amount"))["sum"] or 0
    balance = Organization.objects.values_list("credit_balance", flat=True).get(pk=grant.organization_id)
    return max(0, min(grant.amount + moved, balance))
