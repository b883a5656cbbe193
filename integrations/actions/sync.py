"""Reading a shop's catalog: started once per connection, worked on in short turns, resumed where it stopped."""

from __future__ import annotations

import time
import uuid
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import audit, webhook_outbox
from accounts.kit import shared_clock, tasks
from accounts.kit.errors import Conflict
from accounts.models import User
from integrations import registry
from integrations.actions.account import account_of
from integrations.actions.catalog_rows import Reading, store
from integrations.actions.health import note_broken
from integrations.actions.pace import Pace, quiet_ends
from integrations.actions.shop_images.ask import plan_night
from integrations.base import Account, Marketplace, MarketplaceError
from integrations.models import CatalogProduct, CatalogSync, Connection
from integrations.queries import connections as queries

_Status = CatalogSync.Status
_LEASE = timedelta(seconds=120)
_RENEW_SECONDS = 20.0
# A turn ends at the first page after this, so that photos need not wait behind a large shop.
_TURN_SECONDS = 5.0
# Changes are looked for a little before the last sync began: the shop's clock may differ from ours.
_OVERLAP = timedelta(minutes=20)
_WAITS = (5, 15, 60, 120, 300, 600, 900)
_VERIFY = 100
_SEND_AGAIN = timedelta(seconds=30)


class _Lost(Exception):
    """Another turn has taken this sync over, or it was ended."""


def start(actor: Actor, *, connection_id: uuid.UUID, everything: bool = False) -> CatalogSync:
    """Everything the first time and when asked for, else what has changed. Raises Conflict while one is open."""
    actor.require(Permission.PUBLISH_WRITE)
    row = queries.connection(actor, connection_id)
    since = None if everything else _last_begun(row)
    try:
        with transaction.atomic():
            sync = _open(row, since, actor.user)
            details = {"everything": since is None}
            audit.record(actor, "catalog.sync_started", target_kind="connection", target_id=row.pk, details=details)
    except IntegrityError:
        raise Conflict(gettext("A sync of this shop is running already.")) from None
    return sync


def start_by_itself(row: Connection, *, everything: bool) -> CatalogSync | None:
    """Without anybody's doing, at night. None while one is open."""
    try:
        with transaction.atomic():
            return _open(row, None if everything else _last_begun(row), None)
    except IntegrityError:
        return None


def _open(row: Connection, since: datetime | None, by: User | None) -> CatalogSync:
    sync = CatalogSync.unscoped.create(organization_id=row.organization_id, connection=row, since=since, created_by=by)
    transaction.on_commit(lambda: _send(sync.pk))
    return sync


def _last_begun(row: Connection) -> datetime | None:
    """Since when changes are looked for; None before the first whole reading."""
    done = CatalogSync.unscoped.filter(connection=row, status=_Status.SUCCEEDED).order_by("-pk")
    begun = done.values_list("created_at", flat=True).first()
    return begun - _OVERLAP if begun else None


def work(sync_id: uuid.UUID) -> None:
    """One turn. Harmless where another one works on it, or nothing is left to do."""
    sync = _claim(sync_id)
    if sync is None:
        return
    try:
        if not _waits_for_the_end_of_quiet_hours(sync):
            _turn(sync)
    except _Lost:
        return
    except MarketplaceError as error:
        _stumble(sync, error)


def sweep() -> None:
    """Sends what waits, and what a crash has left behind, to the queue again."""
    now = shared_clock.now()
    due = CatalogSync.unscoped.filter(_claimable(), sent_at__lte=now - _SEND_AGAIN)
    for sync_id in due.values_list("pk", flat=True)[:50]:
        CatalogSync.unscoped.filter(pk=sync_id).update(sent_at=now)
        _send(sync_id)


def _send(sync_id: uuid.UUID) -> None:
    tasks.send("integrations.sync", str(sync_id), queue="io")


def _claimable() -> Q:
    now = shared_clock.now()
    return Q(status=_Status.QUEUED, not_before__lte=now) | Q(status=_Status.RUNNING, lease_until__lte=now)


def _claim(sync_id: uuid.UUID) -> CatalogSync | None:
    claimed = CatalogSync.unscoped.filter(_claimable(), pk=sync_id).update(
        status=_Status.RUNNING, attempt=F("attempt") + 1, lease_until=shared_clock.now() + _LEASE
    )
    return CatalogSync.unscoped.select_related("connection__organization").get(pk=sync_id) if claimed else None


def _waits_for_the_end_of_quiet_hours(sync: CatalogSync) -> bool:
    now = shared_clock.now()
    ends = quiet_ends(sync.connection, now)
    if ends is None:
        return False
    with transaction.atomic():
        _held(sync)
        _put_back(sync, ends - now)
    return True


def _turn(sync: CatalogSync) -> None:
    kind = registry.find(sync.connection.marketplace)
    account = replace(account_of(sync.connection), before_call=_Pace(sync))
    end = time.monotonic() + _TURN_SECONDS
    while time.monotonic() < end:
        if not sync.verifying:
            if wait := _read_page(sync, kind, account):
                with transaction.atomic():
                    _held(sync)
                    _put_back(sync, timedelta(seconds=wait))
                return
        elif not _verify_some(sync, kind, account):
            _finish(sync)
            if sync.created_by_id is None:
                plan_night(sync.connection)
            return
    with transaction.atomic():
        _held(sync)
        _put_back(sync, timedelta())
    _send(sync.pk)


def _read_page(sync: CatalogSync, kind: Marketplace, account: Account) -> int:
    """Seconds until the next page is worth asking for."""
    reading = Reading.of(sync)
    page = kind.catalog(account, since=sync.since, cursor=sync.cursor)
    if page.as_of:
        reading = replace(reading, asked_at=page.as_of)
    with transaction.atomic():
        _held(sync)
        store(reading, page.products)
        sync.cursor, sync.verifying = page.cursor or "", page.cursor is None
        sync.total = page.total if page.total is not None else sync.total
        sync.read += len(page.products)
        sync.failures = 0
        sync.save(update_fields=["cursor", "verifying", "total", "read", "failures"])
    return page.wait if page.cursor else 0


def _verify_some(sync: CatalogSync, kind: Marketplace, account: Account) -> bool:
    """Asks the shop for products that no page held, and removes what it does not have; False when none is left."""
    rows = CatalogProduct.unscoped.filter(connection=sync.connection_id).exclude(seen_in=sync.pk)
    some = dict(rows.values_list("remote_id", "pk")[:_VERIFY])
    if not some:
        return False
    there = kind.existing(account, sorted(some))
    with transaction.atomic():
        _held(sync)
        CatalogProduct.unscoped.filter(pk__in=[some[each] for each in some if each in there]).update(seen_in=sync.pk)
        gone = [pk for remote_id, pk in some.items() if remote_id not in there]
        CatalogProduct.unscoped.filter(pk__in=gone).delete()
        sync.removed += len(gone)
        sync.failures = 0
        sync.save(update_fields=["removed", "failures"])
    return True


@transaction.atomic
def _finish(sync: CatalogSync) -> None:
    _held(sync)
    sync.status, sync.finished_at, sync.lease_until = _Status.SUCCEEDED, shared_clock.now(), None
    sync.save(update_fields=["status", "finished_at", "lease_until"])
    products = CatalogProduct.unscoped.filter(connection=sync.connection_id)
    webhook_outbox.write(
        sync.organization_id,
        "sync.finished",
        lambda: {"connectionId": sync.connection_id, "products": products.count()},
    )


def _stumble(sync: CatalogSync, error: MarketplaceError) -> None:
    """What passes by itself is waited for, longer each time; the rest ends the sync and marks the connection."""
    try:
        with transaction.atomic():
            _held(sync)
            _wait_or_fail(sync, error)
    except _Lost:
        return
    if error.permanent:
        # After the sync's lock is given back: who disconnects a shop takes the two in the other order.
        with transaction.atomic():
            note_broken(Connection.unscoped.select_for_update(no_key=True).get(pk=sync.connection_id), error)


def _wait_or_fail(sync: CatalogSync, error: MarketplaceError) -> None:
    if not error.permanent and sync.failures < len(_WAITS):
        sync.problem = error.detail[:500]
        _put_back(sync, timedelta(seconds=max(_WAITS[sync.failures], error.retry_after or 0)))
        sync.failures += 1
        sync.save(update_fields=["failures", "problem"])
        return
    sync.status, sync.finished_at, sync.problem = _Status.FAILED, shared_clock.now(), error.detail[:500]
    sync.save(update_fields=["status", "finished_at", "problem"])


def _put_back(sync: CatalogSync, wait: timedelta) -> None:
    sync.status, sync.lease_until, sync.not_before = _Status.QUEUED, None, shared_clock.now() + wait
    sync.sent_at = shared_clock.now()
    sync.save(update_fields=["status", "lease_until", "not_before", "sent_at"])


def _held(sync: CatalogSync) -> None:
    """Locks the row for the transaction. Raises _Lost when this turn is not the one that works on it any more."""
    found = CatalogSync.unscoped.select_for_update().filter(pk=sync.pk, attempt=sync.attempt, status=_Status.RUNNING)
    if not found.values_list("pk", flat=True).first():
        raise _Lost


class _Pace:
    """Called before each call to the shop: keeps to the connection's pace, and holds on to the lease meanwhile."""

    def __init__(self, sync: CatalogSync) -> None:
        self._sync = sync
        self._pace = Pace(sync.connection)
        self._renewed = time.monotonic()

    def __call__(self) -> None:
        now = time.monotonic()
        if now - self._renewed > _RENEW_SECONDS:
            self._renewed = now
            held = CatalogSync.unscoped.filter(
                pk=self._sync.pk, attempt=self._sync.attempt, status=_Status.RUNNING
            ).update(lease_until=shared_clock.now() + _LEASE)
            if not held:
                raise _Lost
        self._pace()
