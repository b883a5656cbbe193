"""The regular check of every connection: whether it lets us in, and whether it still tells us what changes."""

from __future__ import annotations

import random
import uuid
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.kit import tasks
from integrations import registry
from integrations.actions import subscriptions
from integrations.actions.account import account_of
from integrations.actions.health import ASK_AGAIN, note_broken, note_working
from integrations.actions.pace import Pace, quiet_ends
from integrations.base import MarketplaceError
from integrations.models import Connection

_EVERY = timedelta(hours=6)
# A check that was sent and has not ended by then was lost in a crash.
_LEASE = timedelta(minutes=10)
_AT_ONCE = 50


def sweep() -> None:
    """Sends the checks that are due to the queue; those in quiet hours wait for their end."""
    now = timezone.now()
    due = Connection.unscoped.filter(Q(check_after=None) | Q(check_after__lte=now), disconnected_at=None)
    for row in due.select_related("organization").order_by("check_after")[:_AT_ONCE]:
        ends = quiet_ends(row, now)
        after = ends + _jittered(ASK_AGAIN) if ends else now + _LEASE
        taken = Connection.unscoped.filter(pk=row.pk, check_after=row.check_after).update(check_after=after)
        if taken and not ends:
            tasks.send("integrations.check", str(row.pk), queue="io")


def check(connection_id: uuid.UUID) -> None:
    """Asks the shop now. Harmless when it is done twice."""
    row = Connection.unscoped.select_related("organization").filter(pk=connection_id, disconnected_at=None).first()
    if row is None or quiet_ends(row, timezone.now()):
        return
    try:
        account = replace(account_of(row), before_call=Pace(row))
        checked = registry.find(row.marketplace).check(account)
    except MarketplaceError as error:
        with transaction.atomic():
            if (locked := _locked(connection_id)) is not None:
                note_broken(locked, error)
                _plan(locked)
        return
    with transaction.atomic():
        locked = _locked(connection_id)
        if locked is None:
            return
        note_working(locked, checked)
        _plan(locked)
    subscriptions.keep(row, replace(account, options=checked.options))


def _locked(connection_id: uuid.UUID) -> Connection | None:
    """As it is now; None where it was disconnected meanwhile."""
    return Connection.unscoped.select_for_update(no_key=True).filter(pk=connection_id, disconnected_at=None).first()


def _plan(row: Connection) -> None:
    """The next check: soon where something is wrong, more seldom the longer it stays so."""
    now = timezone.now()
    since = row.broken_since or row.failing_since
    row.check_after = now + _jittered(_apart(now, since))
    row.save(update_fields=["check_after"])


def _apart(now: datetime, wrong_since: datetime | None) -> timedelta:
    if wrong_since is None:
        return _EVERY
    return min(max((now - wrong_since) / 4, ASK_AGAIN), _EVERY)


def _jittered(span: timedelta) -> timedelta:
    """A fifth more or less, so that not all shops are asked at once."""
    return span * random.uniform(0.8, 1.2)  # noqa: S311  (spreads load, protects nothing)
