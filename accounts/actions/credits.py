"""The credit ledger: grant, reserve, settle. Entries and balance change together, under the organization's row lock."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts.access.actor import Actor
from accounts.actions import audit, webhook_outbox
from accounts.kit.errors import InsufficientCredits, InvalidInput
from accounts.kit.webhook_events import CREDITS_LOW
from accounts.models import LedgerEntry, Organization

Kind = LedgerEntry.Kind


@transaction.atomic
def grant(actor: Actor, *, amount: int, note: str) -> None:
    """Adds credits to the actor's organization."""
    if amount <= 0:
        raise InvalidInput("Grant at least one credit.", field="amount")
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
    balance = Organization.objects.values_list("credit_balance", flat=True).get(pk=actor.organization.pk)
    if balance < amount:
        raise InsufficientCredits(
            f"This costs {amount} {_credits(amount)} and {balance} {'is' if balance == 1 else 'are'} left."
        )


@transaction.atomic
def reserve(actor: Actor, *, amount: int, job_id: uuid.UUID) -> int:
    """Sets credits aside for a job and answers how many (0 when metering is off). Raises InsufficientCredits."""
    if amount <= 0 or settings.CREDITS_UNLIMITED or not actor.pays:
        return 0
    # The condition stands in the UPDATE: two jobs at once cannot both take the last credit.
    updated = Organization.objects.filter(pk=actor.organization.pk, credit_balance__gte=amount).update(
        credit_balance=F("credit_balance") - amount
    )
    if not updated:
        refuse_if_short(actor, amount=amount)
        raise InsufficientCredits("Another job took the last credits at this very moment.")
    _write(actor.organization.pk, Kind.RESERVE, -amount, job_id=job_id)
    return amount


@transaction.atomic
def settle(organization_id: uuid.UUID, *, job_id: uuid.UUID, reserved: int, charged: int) -> None:
    """Ends a reservation: `charged` of it is kept, the rest is given back."""
    if not 0 <= charged <= reserved:
        raise ValueError(f"cannot charge {charged} of {reserved} reserved credits")
    if charged:
        _enter(organization_id, Kind.CAPTURE, 0, job_id=job_id, charged=charged)
    if reserved > charged:
        _enter(organization_id, Kind.RELEASE, reserved - charged, job_id=job_id)


def _enter(
    organization_id: uuid.UUID,
    kind: Kind,
    amount: int,
    *,
    job_id: uuid.UUID | None = None,
    charged: int = 0,
    note: str = "",
) -> None:
    Organization.objects.filter(pk=organization_id).update(credit_balance=F("credit_balance") + amount)
    _write(organization_id, kind, amount, job_id=job_id, charged=charged, note=note)


def _write(
    organization_id: uuid.UUID,
    kind: Kind,
    amount: int,
    *,
    job_id: uuid.UUID | None = None,
    charged: int = 0,
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
        note=note,
    )
    _tell_when_low(organization_id, balance, told=told)


def _tell_when_low(organization_id: uuid.UUID, balance: int, *, told: bool) -> None:
    """Once when the balance falls below CREDITS_LOW_AT, and again only after it was above."""
    low = balance < settings.CREDITS_LOW_AT
    if low == told or balance == settings.CREDITS_LOW_AT:
        return
    Organization.objects.filter(pk=organization_id).update(credits_low_told=low)
    if low:
        webhook_outbox.write(organization_id, CREDITS_LOW, lambda: {"remaining": balance})


def _credits(amount: int) -> str:
    return "credit" if amount == 1 else "credits"
