"""The credit ledger as it is read: entries, newest first, and what was spent."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import QuerySet, Sum

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.models import LedgerEntry, UsageDay
from accounts.queries.numbered_rows import between


def ledger(
    actor: Actor, *, kind: str = "", since: datetime | None = None, until: datetime | None = None
) -> QuerySet[LedgerEntry]:
    """Entries from `since` until just before `until`, newest first."""
    actor.require(Permission.CREDITS_READ)
    entries = LedgerEntry.objects.of(actor).order_by("-pk")
    if kind:
        entries = entries.filter(kind=kind)
    return between(entries, LedgerEntry.objects.of(actor), since, until)


def spent(actor: Actor, *, first: date, last: date) -> int:
    """Credits charged on these days (UTC): the ledger's own sum, read from the day rows that are written with it."""
    actor.require(Permission.CREDITS_READ)
    rows = UsageDay.objects.of(actor).filter(day__range=(first, last))
    return rows.aggregate(sum=Sum("credits"))["sum"] or 0
