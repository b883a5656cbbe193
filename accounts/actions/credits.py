"""The credit ledger: grant, reserve, settle. Entries and balance change together, under the organization's row lock."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.actions import audit, budget_spending, credit_mail, webhook_outbox
from accounts.kit import metrics
from accounts.kit.errors import InsufficientCredits, InvalidInput
from accounts.kit.webhook_events import CREDITS_LOW
from accounts.models import BudgetMonth, LedgerEntry, Organization
from accounts.price_words import too_dear
from accounts.queries.spending import budgets_of, spending_team

Kind = LedgerEntry.Kind


@dataclass(frozen=True, slots=True)
class Spender:
    """On whose budgets an entry counts. `rotated`: whether the key may have a successor."""

    key: uuid.UUID | None = None
    team: uuid.UUID | None = None
    rotated: bool = True


_NOBODY = Spender()


@transaction.atomic
def grant(actor: Actor, *, amount: int, note: str) -> None:
    """Adds credits to the actor's organization."""
    if amount <= 0:
        raise InvalidInput(gettext("Grant at least one credit."), field="amount")
    _enter(actor.organization.pk, Kind.GRANT, amount, note=note)
    audit.record(
        actor,
        "credits.granted",
        target_kind="organization",
        target_id=actor.organization.pk,
        details={"amount": amount, "note": note},
    )


def refuse_if_short(actor: Actor, *, amount: int) -> None:
    """Raises InsufficientCredits where `reserve` would: an early answer, before anything is stored for the work."""
    if amount <= 0 or settings.CREDITS_UNLIMITED or not actor.pays:
        return
    # What was read with the caller is enough to go on; a refusal is by what is there now.
    if actor.organization.credit_balance < amount:
        _refuse_if_short(actor, amount)
    spender = _spender(actor)
    for budget in budgets_of(actor.organization.pk, key=spender.key, team=spender.team, rotated=spender.rotated):
        month = budget_spending.month_of(timezone.now())
        spent = BudgetMonth.unscoped.filter(budget=budget, month=month).values_list("spent", flat=True).first()
        budget_spending.refuse(budget, spent or 0, amount)


@transaction.atomic
def reserve(actor: Actor, *, amount: int, job_id: uuid.UUID) -> int:
    """Sets credits aside for a job and answers how many (0 when metering is off).

    Raises InsufficientCredits, and its kind BudgetSpent where the team or the key may not spend that much.
    """
    if amount <= 0 or settings.CREDITS_UNLIMITED or not actor.pays:
        return 0
    # The condition stands in the UPDATE: two jobs at once cannot both take the last credit.
    updated = Organization.objects.filter(pk=actor.organization.pk, credit_balance__gte=amount).update(
        credit_balance=F("credit_balance") - amount
    )
    if not updated:
        _refuse_if_short(actor, amount)
        raise InsufficientCredits(gettext("Another job took the last credits at this very moment."))
    spender, now = _spender(actor), timezone.now()
    budget_spending.take(
        actor.organization.pk, amount, key=spender.key, team=spender.team, now=now, rotated=spender.rotated
    )
    _write(actor.organization.pk, Kind.RESERVE, -amount, job_id=job_id, spender=spender)
    return amount


@transaction.atomic
def settle(organization_id: uuid.UUID, *, job_id: uuid.UUID, reserved: int, charged: int) -> None:
    """Ends a reservation: `charged` of it is kept, the rest is given back."""
    if not 0 <= charged <= reserved:
        raise ValueError(f"cannot charge {charged} of {reserved} reserved credits")
    entry = LedgerEntry.unscoped.filter(organization=organization_id, job_id=job_id, kind=Kind.RESERVE).first()
    spender = Spender(entry.api_key_id, entry.team_id) if entry else _NOBODY
    if charged:
        _enter(organization_id, Kind.CAPTURE, 0, job_id=job_id, charged=charged, spender=spender)
    if reserved > charged:
        _enter(organization_id, Kind.RELEASE, reserved - charged, job_id=job_id, spender=spender)
        if entry:
            budget_spending.give_back(
                organization_id,
                reserved - charged,
                key=spender.key,
                team=spender.team,
                reserved_at=entry.created_at,
            )


def add(organization_id: uuid.UUID, *, amount: int, month: date, note: str) -> None:
    """A monthly grant, once for its month. The caller's transaction holds the organization's row."""
    _enter(organization_id, Kind.GRANT, amount, month=month, note=note)


def expire(organization_id: uuid.UUID, *, amount: int, month: date, note: str) -> None:
    """Takes what is left of the grant of `month`. The caller's transaction holds the organization's row."""
    _enter(organization_id, Kind.EXPIRY, -amount, month=month, note=note)


def _refuse_if_short(actor: Actor, amount: int) -> None:
    balance = Organization.objects.values_list("credit_balance", flat=True).get(pk=actor.organization.pk)
    if balance < amount:
        raise InsufficientCredits(too_dear(amount, balance))


def _spender(actor: Actor) -> Spender:
    key = actor.api_key
    return Spender(key.pk if key else None, spending_team(actor), rotated=bool(key and key.rotated_at))


def _enter(
    organization_id: uuid.UUID,
    kind: Kind,
    amount: int,
    *,
    job_id: uuid.UUID | None = None,
    charged: int = 0,
    spender: Spender = _NOBODY,
    month: date | None = None,
    note: str = "",
) -> None:
    Organization.objects.filter(pk=organization_id).update(credit_balance=F("credit_balance") + amount)
    _write(organization_id, kind, amount, job_id=job_id, charged=charged, spender=spender, month=month, note=note)


def _write(
    organization_id: uuid.UUID,
    kind: Kind,
    amount: int,
    *,
    job_id: uuid.UUID | None = None,
    charged: int = 0,
    spender: Spender = _NOBODY,
    month: date | None = None,
    note: str = "",
) -> None:
    # The UPDATE before holds the organization's row until the commit, so this reads our own balance.
    balance, told = Organization.objects.values_list("credit_balance", "credits_low_told").get(pk=organization_id)
    LedgerEntry.unscoped.create(
        organization_id=organization_id,
        kind=kind,
        amount=amount,
        charged=charged,
        balance_after=balance,
        job_id=job_id,
        api_key_id=spender.key,
        team_id=spender.team,
        month=month,
        note=note,
    )
    transaction.on_commit(lambda: metrics.CREDITS.labels(Kind(kind).value).inc(charged or abs(amount)))
    _tell_when_low(organization_id, balance, told=told)


def _tell_when_low(organization_id: uuid.UUID, balance: int, *, told: bool) -> None:
    """Once when the balance falls below CREDITS_LOW_AT, and again only after it was above."""
    low = balance < settings.CREDITS_LOW_AT
    if low == told or balance == settings.CREDITS_LOW_AT:
        return
    Organization.objects.filter(pk=organization_id).update(credits_low_told=low)
    if low:
        webhook_outbox.write(organization_id, CREDITS_LOW, lambda: {"remaining": balance})
        credit_mail.tell_that_it_is_low(organization_id)
