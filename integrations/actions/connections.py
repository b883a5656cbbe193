"""Connections: connect, change, test, disconnect. The shop is asked outside of every transaction."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import audit
from accounts.kit.encryption import Undecipherable
from accounts.kit.errors import Conflict, InvalidInput, NotPermitted
from integrations import registry
from integrations.actions.health import note_broken, note_working
from integrations.actions.publishing.ended import end_all
from integrations.base import Account, Blame, Checked, MarketplaceError
from integrations.models import CatalogImage, CatalogProduct, CatalogSync, CatalogVariant, Connection
from integrations.models.connection import sealed
from integrations.queries import connections as queries

_LONGEST_NAME = 100
LEAST_CALLS, MOST_CALLS = 10, 6000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the form holds. An empty credential of an existing connection stands for the stored one."""

    name: str
    address: str
    credentials: Mapping[str, str]
    shared: bool = False
    calls_per_minute: int | None = None


def try_out(actor: Actor, *, marketplace: str, wanted: Wanted) -> Checked:
    """Asks the shop and keeps nothing. Raises InvalidInput, MarketplaceError."""
    actor.require(Permission.PUBLISH_WRITE)
    kind = registry.find(marketplace)
    return kind.check(kind.account(wanted.address, wanted.credentials))


def connect(actor: Actor, *, marketplace: str, wanted: Wanted) -> Connection:
    """Only what works is stored. Raises InvalidInput, MarketplaceError, Conflict."""
    actor.require(Permission.PUBLISH_WRITE)
    kind = registry.find(marketplace)
    account = kind.account(wanted.address, wanted.credentials)
    name, pace = _name(wanted, account), _pace(wanted, kind.pace)
    _refuse_second(actor, marketplace, account)
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
        calls_per_minute=pace,
        checked_at=timezone.now(),
        maker=actor.user,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            _audit(actor, "connection.made", row, marketplace=marketplace, address=row.address, shared=row.shared)
    except IntegrityError:
        raise _already(account) from None
    return row


def change(actor: Actor, *, connection_id: uuid.UUID, wanted: Wanted) -> Connection:
    """New keys are tried before the old ones go. Its address stays: another shop is another connection.

    Raises InvalidInput, MarketplaceError.
    """
    row = _own(actor, connection_id)
    kind = registry.find(row.marketplace)
    name, pace = _name(wanted, None), _pace(wanted, row.calls_per_minute)
    given = {key: value for key, value in wanted.credentials.items() if value.strip()}
    account: Account | None = None
    if given:
        account = kind.account(row.address, {**_stored(row), **given})
        account = replace(account, options=row.options)
        checked = kind.check(account)
    with transaction.atomic():
        row = _locked(actor, connection_id)
        row.name, row.shared, row.calls_per_minute = name, wanted.shared, pace
        row.save(update_fields=["name", "shared", "calls_per_minute"])
        if account:
            row.credentials, row.masked = sealed(account.credentials), kind.masked(account)
            row.save(update_fields=["credentials", "masked"])
            note_working(row, checked)
        _audit(actor, "connection.changed", row, name=name, shared=wanted.shared, new_keys=bool(given))
    return row


def test(actor: Actor, *, connection_id: uuid.UUID) -> Checked:
    """Asks the shop now and keeps what it says. Raises MarketplaceError."""
    row = _own(actor, connection_id)
    try:
        checked = registry.find(row.marketplace).check(account_of(row))
    except MarketplaceError as error:
        with transaction.atomic():
            note_broken(_locked(actor, connection_id), error)
        raise
    with transaction.atomic():
        note_working(_locked(actor, connection_id), checked)
    return checked


@transaction.atomic
def disconnect(actor: Actor, *, connection_id: uuid.UUID) -> Connection:
    """Forgets the keys and the catalog. The shop keeps everything that is in it."""
    row = _locked(actor, connection_id)
    row.credentials = ""
    row.disconnected_at = timezone.now()
    row.save(update_fields=["credentials", "disconnected_at"])
    CatalogSync.unscoped.filter(connection=row, status__in=CatalogSync.OPEN).update(
        status=CatalogSync.Status.FAILED, problem="The shop was disconnected.", finished_at=row.disconnected_at
    )
    end_all(row)
    CatalogImage.unscoped.filter(product__connection=row).delete()
    CatalogVariant.unscoped.filter(product__connection=row).delete()
    CatalogProduct.unscoped.filter(connection=row).delete()
    _audit(actor, "connection.ended", row, marketplace=row.marketplace, address=row.address)
    return row


def account_of(row: Connection) -> Account:
    """Raises MarketplaceError where the keys cannot be read any more."""
    try:
        return row.account()
    except Undecipherable:
        raise MarketplaceError(
            "keys_unreadable",
            "The stored keys cannot be read: FIELD_ENCRYPTION_KEYS of this installation has changed. Type them again.",
            blame=Blame.US, permanent=True,
        ) from None  # fmt: skip


def _stored(row: Connection) -> Mapping[str, str]:
    """Empty where they cannot be read: then every one must be typed."""
    try:
        return row.account().credentials
    except Undecipherable:
        return {}


def _own(actor: Actor, connection_id: uuid.UUID) -> Connection:
    actor.require(Permission.PUBLISH_WRITE)
    row = queries.connection(actor, connection_id)
    if not queries.may_change(actor, row):
        raise NotPermitted("Only who connected this shop, or an admin, may change the connection.")
    return row


def _locked(actor: Actor, connection_id: uuid.UUID) -> Connection:
    """The row under its lock, as it is now; the permission is asked for again."""
    _own(actor, connection_id)
    return queries.connections(actor).select_for_update(of=("self",), no_key=True).get(pk=connection_id)


def _refuse_second(actor: Actor, marketplace: str, account: Account) -> None:
    mine = Connection.objects.of(actor).filter(disconnected_at=None, maker=actor.user)
    if mine.filter(marketplace=marketplace, address=account.address).exists():
        raise _already(account)


def _already(account: Account) -> Conflict:
    return Conflict(f"You have connected {account.address} already. Change that connection instead.", field="address")


def _name(wanted: Wanted, account: Account | None) -> str:
    name = " ".join(wanted.name.split()) or (account.address.partition("://")[2] if account else "")
    if not name or not name.isprintable():
        raise InvalidInput("Give it a name by which you tell it from others.", field="name")
    return name[:_LONGEST_NAME]


def _pace(wanted: Wanted, otherwise: int) -> int:
    pace = wanted.calls_per_minute if wanted.calls_per_minute is not None else otherwise
    if not LEAST_CALLS <= pace <= MOST_CALLS:
        raise InvalidInput(f"Choose {LEAST_CALLS} to {MOST_CALLS:,} calls a minute.", field="calls_per_minute")
    return pace


def _audit(actor: Actor, action: str, row: Connection, **details: object) -> None:
    audit.record(actor, action, target_kind="connection", target_id=row.pk, details=details)
