"""The account behind a connection: its keys, also those that change by themselves.

An exchange of keys is a call to the shop, so nothing is locked meanwhile: one worker holds a lease in the row, the
others wait for what it stores. A lease that a crash has left ends by itself.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from accounts.kit import shared_clock
from accounts.kit.encryption import Undecipherable
from integrations import registry
from integrations.base import Account, Blame, MarketplaceError
from integrations.models import Connection
from integrations.models.connection import sealed

# Longer than an exchange may take: its call ends after eight seconds.
LEASE = timedelta(seconds=20)
_WAIT_SECONDS, _LOOK_AGAIN = 45.0, 0.1
_Change = Callable[[Mapping[str, str]], Mapping[str, str]]


def account_of(row: Connection) -> Account:
    """Raises MarketplaceError where the keys cannot be read any more."""
    try:
        return replace(row.account(), renew=lambda change: _renewed(row.pk, change))
    except Undecipherable:
        raise MarketplaceError(
            "keys_unreadable",
            "The stored keys cannot be read: FIELD_ENCRYPTION_KEYS of this installation has changed. Type them again.",
            blame=Blame.US, permanent=True,
        ) from None  # fmt: skip


def _renewed(connection_id: uuid.UUID, change: _Change) -> Mapping[str, str]:
    """What `change` makes of the stored keys, stored. One at a time: the others see what it has stored."""
    lease = _claim(connection_id)
    row = Connection.unscoped.get(pk=connection_id)
    try:
        found = change(account_of(row).credentials)
    except BaseException:
        _release(connection_id, lease)
        raise
    return _stored(row, lease, found)


def _claim(connection_id: uuid.UUID) -> datetime:
    """The end of the lease, by which it is known. Raises MarketplaceError."""
    give_up = time.monotonic() + _WAIT_SECONDS
    rows = Connection.unscoped.filter(pk=connection_id, disconnected_at=None)
    while time.monotonic() < give_up:
        now = shared_clock.now()
        free = Q(keys_held_until=None) | Q(keys_held_until__lte=now)
        if rows.filter(free).update(keys_held_until=now + LEASE):
            return now + LEASE
        if not rows.exists():
            raise _disconnected()
        time.sleep(_LOOK_AGAIN)
    raise MarketplaceError(
        "keys_busy", "The shop's keys are being exchanged, and that takes long. It is tried again.",
        blame=Blame.NETWORK, permanent=False,
    )  # fmt: skip


@transaction.atomic
def _stored(seen: Connection, lease: datetime, found: Mapping[str, str]) -> Mapping[str, str]:
    """Not over keys that somebody else has stored since: those count."""
    row = Connection.unscoped.select_for_update(no_key=True).get(pk=seen.pk)
    if row.keys_held_until == lease:
        row.keys_held_until = None
        row.save(update_fields=["keys_held_until"])
    if row.disconnected_at is not None:
        raise _disconnected()
    stored = account_of(row)
    if row.credentials != seen.credentials or found == stored.credentials:
        return stored.credentials
    row.credentials = sealed(found)
    row.masked = registry.find(row.marketplace).masked(replace(stored, credentials=found))
    row.save(update_fields=["credentials", "masked"])
    return found


def _release(connection_id: uuid.UUID, lease: datetime) -> None:
    Connection.unscoped.filter(pk=connection_id, keys_held_until=lease).update(keys_held_until=None)


def _disconnected() -> MarketplaceError:
    return MarketplaceError("disconnected", "The shop was disconnected.", blame=Blame.CREDENTIALS, permanent=True)
