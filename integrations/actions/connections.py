"""Connections: connect, change, test, disconnect. The shop is asked outside of every transaction."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import audit
from accounts.kit import tasks
from accounts.kit.encryption import Undecipherable
from accounts.kit.errors import Conflict, NotPermitted
from accounts.limits.plan import refuse_beyond_plan
from accounts.models import Organization
from integrations import registry
from integrations.actions import catalog_pictures, subscriptions
from integrations.actions.account import account_of
from integrations.actions.connection_settings import (
    Wanted,
    check_removal,
    check_times,
    name_of,
    pace_of,
    team_of,
)
from integrations.actions.health import note_broken, note_working
from integrations.actions.publishing.ended import end_all
from integrations.base import Account, Checked, MarketplaceError
from integrations.models import (
    CatalogImage,
    CatalogProduct,
    CatalogSync,
    CatalogVariant,
    Connection,
    ImageVerdict,
    InboundHook,
    SupersededImage,
)
from integrations.models.connection import sealed
from integrations.queries import connections as queries

FIRST_CHECK = timedelta(minutes=2)
_SETTINGS = [
    "name", "shared", "team", "calls_per_minute", "quiet_from", "quiet_until", "nightly", "nightly_at", "sync_after",
    "remove_after_days",
]  # fmt: skip


def try_out(actor: Actor, *, marketplace: str, wanted: Wanted) -> Checked:
    """Asks the shop and keeps nothing. Raises InvalidInput, MarketplaceError."""
    actor.require(Permission.PUBLISH_WRITE)
    kind = registry.find(marketplace)
    return kind.check(kind.account(wanted.address, wanted.credentials))


def connect(actor: Actor, *, marketplace: str, wanted: Wanted) -> Connection:
    """Only what works is stored. Raises InvalidInput, MarketplaceError, Conflict."""
    actor.require(Permission.PUBLISH_WRITE)
    account = registry.find(marketplace).account(wanted.address, wanted.credentials)
    return connect_with(actor, marketplace=marketplace, account=account, wanted=wanted)


def connect_with(actor: Actor, *, marketplace: str, account: Account, wanted: Wanted) -> Connection:
    """With keys that were not typed: a shop has handed them over. Raises as `connect` does."""
    actor.require(Permission.PUBLISH_WRITE)
    kind = registry.find(marketplace)
    name, pace, team = name_of(wanted, kind.name_of(account)), pace_of(wanted, kind.pace), team_of(actor, wanted, None)
    refuse_second(actor, marketplace, account.address)
    checked = kind.check(account)
    row = Connection(
        organization=actor.organization,
        marketplace=marketplace,
        name=name,
        address=account.address,
        credentials=sealed(account.credentials),
        masked=kind.masked(account),
        options=dict(checked.options),
        notes=list(checked.notes),
        shared=wanted.shared,
        team=team,
        calls_per_minute=pace,
        checked_at=timezone.now(),
        check_after=timezone.now() + FIRST_CHECK,
        maker=actor.user,
    )
    try:
        with transaction.atomic():
            Organization.objects.select_for_update(no_key=True).get(pk=actor.organization.pk)
            standing = Connection.objects.of(actor).filter(disconnected_at=None)
            refuse_beyond_plan(actor, "connections", count=standing.count)
            row.save(force_insert=True)
            whose = {"shared": row.shared, "team": team.name if team else None}
            _audit(actor, "connection.made", row, marketplace=marketplace, address=row.address, **whose)
            # The regular check comes at once: it has the shop tell us what changes. The keeper sends it where the queue
            # has lost it, and not beside this one: two at once would subscribe twice.
            transaction.on_commit(lambda: tasks.send("integrations.check", str(row.pk), queue="io"))
    except IntegrityError:
        raise _already(account.address) from None
    return row


def change(actor: Actor, *, connection_id: uuid.UUID, wanted: Wanted) -> Connection:
    """New keys are tried before the old ones go. Its address stays: another shop is another connection.

    Raises InvalidInput, MarketplaceError.
    """
    row = own(actor, connection_id)
    kind = registry.find(row.marketplace)
    name, pace, team = name_of(wanted, ""), pace_of(wanted, row.calls_per_minute), team_of(actor, wanted, row)
    check_times(wanted)
    check_removal(kind, wanted)
    given = {key: value for key, value in wanted.credentials.items() if value.strip()}
    account: Account | None = None
    if given:
        account = kind.account(row.address, {**_stored(row), **given})
        account = replace(account, options=row.options)
        checked = kind.check(account)
    with transaction.atomic():
        row = _locked(actor, connection_id)
        row.name, row.shared, row.team, row.calls_per_minute = name, wanted.shared, team, pace
        row.quiet_from, row.quiet_until = wanted.quiet_from, wanted.quiet_until
        row.nightly, row.nightly_at, row.sync_after = wanted.nightly, wanted.nightly_at, None
        row.remove_after_days = wanted.remove_after_days
        row.save(update_fields=_SETTINGS)
        if account:
            row.credentials, row.masked = sealed(account.credentials), kind.masked(account)
            row.save(update_fields=["credentials", "masked"])
            note_working(row, checked)
        whose = {"shared": wanted.shared, "team": team.name if team else None}
        _audit(
            actor,
            "connection.changed",
            row,
            name=name,
            **whose,
            new_keys=bool(given),
            remove_after_days=wanted.remove_after_days,
        )
    return row


def test(actor: Actor, *, connection_id: uuid.UUID) -> Checked:
    """Asks the shop now and keeps what it says. Raises MarketplaceError."""
    row = own(actor, connection_id)
    try:
        checked = registry.find(row.marketplace).check(account_of(row))
    except MarketplaceError as error:
        with transaction.atomic():
            note_broken(_locked(actor, connection_id), error)
        raise
    with transaction.atomic():
        note_working(_locked(actor, connection_id), checked)
    return checked


def disconnect(actor: Actor, *, connection_id: uuid.UUID) -> Connection:
    """Forgets the keys and the catalog. The shop keeps everything that is in it but our subscriptions."""
    row = own(actor, connection_id)
    if not row.broken:
        with suppress(MarketplaceError):
            subscriptions.end(row, account_of(row))
    return _forget(actor, connection_id)


@transaction.atomic
def _forget(actor: Actor, connection_id: uuid.UUID) -> Connection:
    row = _locked(actor, connection_id)
    row.credentials = ""
    row.disconnected_at = timezone.now()
    row.save(update_fields=["credentials", "disconnected_at"])
    CatalogSync.unscoped.filter(connection=row, status__in=CatalogSync.OPEN).update(
        status=CatalogSync.Status.FAILED, problem="The shop was disconnected.", finished_at=row.disconnected_at
    )
    end_all(row)
    InboundHook.unscoped.filter(connection=row).delete()
    SupersededImage.unscoped.filter(connection=row).delete()
    ImageVerdict.unscoped.filter(connection=row).delete()
    CatalogImage.unscoped.filter(product__connection=row).delete()
    CatalogVariant.unscoped.filter(product__connection=row).delete()
    CatalogProduct.unscoped.filter(connection=row).delete()
    transaction.on_commit(lambda: catalog_pictures.forget(row.pk))
    _audit(actor, "connection.ended", row, marketplace=row.marketplace, address=row.address)
    return row


def _stored(row: Connection) -> Mapping[str, str]:
    """Empty where they cannot be read: then every one must be typed."""
    try:
        return row.account().credentials
    except Undecipherable:
        return {}


def own(actor: Actor, connection_id: uuid.UUID) -> Connection:
    """A connection that the actor may change. Raises NotFound, NotPermitted."""
    actor.require(Permission.PUBLISH_WRITE)
    row = queries.connection(actor, connection_id)
    if not queries.may_change(actor, row):
        raise NotPermitted(gettext("Only who connected this shop, or an admin, may change the connection."))
    return row


def _locked(actor: Actor, connection_id: uuid.UUID) -> Connection:
    """The row under its lock, as it is now; the permission is asked for again."""
    own(actor, connection_id)
    return queries.connections(actor).select_for_update(of=("self",), no_key=True).get(pk=connection_id)


def refuse_second(actor: Actor, marketplace: str, address: str) -> None:
    """Raises Conflict where the actor has connected this shop already."""
    mine = Connection.objects.of(actor).filter(disconnected_at=None, maker=actor.user)
    if mine.filter(marketplace=marketplace, address=address).exists():
        raise _already(address)


def _already(address: str) -> Conflict:
    return Conflict(
        gettext("You have connected {address} already. Change that connection instead.").format(address=address),
        field="address",
    )


def _audit(actor: Actor, action: str, row: Connection, **details: object) -> None:
    audit.record(actor, action, target_kind="connection", target_id=row.pk, details=details)
