"""What a shop has told us, worked on: the product is asked for and the catalog says what the shop says now."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q

from accounts.kit import shared_clock, tasks
from integrations import registry
from integrations.actions.account import account_of
from integrations.actions.catalog_rows import Reading, store
from integrations.actions.health import note_broken
from integrations.actions.pace import Pace, quiet_ends
from integrations.base import Blame, MarketplaceError
from integrations.inbound import Change
from integrations.models import (
    CatalogImage,
    CatalogProduct,
    CatalogVariant,
    Connection,
    InboundDelivery,
    Publication,
)

_Status, _Outcome = InboundDelivery.Status, InboundDelivery.Outcome
_LEASE = timedelta(seconds=300)
SEND_AGAIN = timedelta(seconds=30)
_WAITS = (10, 60, 300, 900, 3600, 3 * 3600)
# What comes back this long after a publication of ours, with its image, is its echo.
_ECHO = timedelta(hours=1)
_KEEP_BODIES, _KEEP = timedelta(days=3), timedelta(days=30)
_AT_ONCE = 200


class _Lost(Exception):
    """Another worker has taken it over, or a later one of the same product was worked on."""


def work(delivery_id: uuid.UUID) -> None:
    """Harmless where another worker has it, or it is done."""
    delivery = _claim(delivery_id)
    if delivery is None:
        return
    try:
        if delivery.connection.disconnected_at:
            _end(delivery, _Outcome.NOTED)
        elif delivery.change == Change.PRODUCT and delivery.remote_id:
            _ask_for_product(delivery)
        elif delivery.change == Change.UNINSTALLED:
            _ask_whether_let_in(delivery)
        else:
            _end(delivery, _Outcome.NOTED)
    except _Lost:
        return
    except MarketplaceError as error:
        _stumble(delivery, error)


def sweep() -> None:
    """Sends what is due to the queue, one for each product."""
    now = shared_clock.now()
    due = InboundDelivery.unscoped.filter(_claimable(), sent_at__lte=now - SEND_AGAIN).order_by("-pk")
    sent: set[tuple[uuid.UUID, str]] = set()
    for pk, connection_id, remote_id in due.values_list("pk", "connection_id", "remote_id")[:_AT_ONCE]:
        if remote_id and (connection_id, remote_id) in sent:
            continue  # the newest of a product takes the others with it
        sent.add((connection_id, remote_id))
        InboundDelivery.unscoped.filter(pk=pk).update(sent_at=now)
        tasks.send("integrations.inbound", str(pk), queue="io")


def forget_old() -> None:
    """Bodies after three days, rows after thirty: longer than any shop sends again."""
    now = shared_clock.now()
    ended = InboundDelivery.unscoped.exclude(status=_Status.WAITING)
    ended.filter(received_at__lt=now - _KEEP_BODIES).exclude(body=b"").update(body=b"")
    old = ended.filter(received_at__lt=now - _KEEP).values_list("pk", flat=True)[:5000]
    InboundDelivery.unscoped.filter(pk__in=list(old)).delete()


def _claimable() -> Q:
    now = shared_clock.now()
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    return Q(status=_Status.WAITING, not_before__lte=now) & free


def _claim(delivery_id: uuid.UUID) -> InboundDelivery | None:
    claimed = InboundDelivery.unscoped.filter(_claimable(), pk=delivery_id).update(
        attempt=F("attempt") + 1, lease_until=shared_clock.now() + _LEASE
    )
    rows = InboundDelivery.unscoped.select_related("connection__organization").defer("body")
    return rows.get(pk=delivery_id) if claimed else None


def _ask_for_product(delivery: InboundDelivery) -> None:
    """The shop is asked now, whatever the delivery says: it may be late, stale, or the echo of what we have done."""
    row, now = delivery.connection, shared_clock.now()
    if ends := quiet_ends(row, now):
        _put_back(delivery, ends - now)
        return
    account = replace(account_of(row), before_call=Pace(row))
    found = registry.find(row.marketplace).one(account, delivery.remote_id)
    with transaction.atomic():
        # All of the product's, in one order: two workers would wait for each other's else.
        others = InboundDelivery.unscoped.filter(
            connection=row, remote_id=delivery.remote_id, change=Change.PRODUCT, status=_Status.WAITING
        )
        list(others.select_for_update().order_by("pk").values_list("pk", flat=True))
        _held(delivery)
        if Connection.unscoped.filter(pk=row.pk).exclude(disconnected_at=None).exists():
            _finish(delivery, _Outcome.NOTED)
            return
        before = _stored(row, delivery.remote_id)
        if found is None:
            gone = CatalogProduct.unscoped.filter(connection=row, remote_id=delivery.remote_id)
            gone.exclude(asked_at__gt=now).delete()
            outcome = _Outcome.REMOVED if before else _Outcome.UNCHANGED
        else:
            seen_in = CatalogProduct.unscoped.filter(connection=row, remote_id=delivery.remote_id)
            last = seen_in.values_list("seen_in", flat=True).first() or delivery.pk
            store(Reading(row.organization_id, row.pk, last, now), [found])
            outcome = _Outcome.UNCHANGED if before == _stored(row, delivery.remote_id) else _Outcome.UPDATED
            if _is_echo(row, delivery.remote_id, {image.remote_id for image in found.images}):
                outcome = _Outcome.OURS
        _finish(delivery, outcome)
        # Whatever else was told of this product before we asked is answered too.
        others.filter(received_at__lte=now).update(
            status=_Status.HANDLED, outcome=_Outcome.MERGED, handled_at=shared_clock.now(), lease_until=None
        )


def _ask_whether_let_in(delivery: InboundDelivery) -> None:
    """It may be late, and the app installed again since."""
    row = delivery.connection
    try:
        registry.find(row.marketplace).check(replace(account_of(row), before_call=Pace(row)))
    except MarketplaceError as error:
        if not error.permanent:
            raise
        gone = MarketplaceError(
            "uninstalled", "The app was removed in the shop, so its keys are worth nothing. Connect the shop again.",
            blame=Blame.SHOP, permanent=True,
        )  # fmt: skip
        with transaction.atomic():
            note_broken(Connection.unscoped.select_for_update(no_key=True).get(pk=row.pk), gone)
    _end(delivery, _Outcome.NOTED)


def _stored(row: Connection, remote_id: str) -> tuple[object, ...]:
    """What the catalog says of a product; empty where it does not know it."""
    own = CatalogProduct.unscoped.filter(connection=row, remote_id=remote_id)
    told = own.values_list("title", "sku", "barcode", "handle", "status", "url").first()
    if told is None:
        return ()
    variants = CatalogVariant.unscoped.filter(product__in=own).order_by("remote_id")
    images = CatalogImage.unscoped.filter(product__in=own).order_by("variant", "position", "remote_id")
    return (
        told,
        *variants.values_list("remote_id", "title", "sku", "barcode", "position"),
        *images.values_list("variant", "position", "remote_id", "url", "alt", "name"),
    )


def _is_echo(row: Connection, remote_id: str, images: set[str]) -> bool:
    """Whether it shows an image that we have put there just now."""
    since = shared_clock.now() - _ECHO
    ours = Publication.unscoped.filter(connection=row, product=remote_id, finished_at__gte=since)
    return bool(images & set(ours.exclude(remote_id="").values_list("remote_id", flat=True)))


def _stumble(delivery: InboundDelivery, error: MarketplaceError) -> None:
    """What passes by itself is waited for. After that the next sync reads what was missed."""
    try:
        if not error.permanent and delivery.failures < len(_WAITS):
            wait = max(_WAITS[delivery.failures], error.retry_after or 0)
            _put_back(delivery, timedelta(seconds=wait), problem=error.detail)
            return
        with transaction.atomic():
            _held(delivery)
            delivery.status, delivery.problem = _Status.FAILED, error.detail[:500]
            delivery.handled_at, delivery.lease_until = shared_clock.now(), None
            delivery.save(update_fields=["status", "problem", "handled_at", "lease_until"])
    except _Lost:
        return
    if error.permanent:
        with transaction.atomic():
            note_broken(Connection.unscoped.select_for_update(no_key=True).get(pk=delivery.connection_id), error)


def _put_back(delivery: InboundDelivery, wait: timedelta, *, problem: str = "") -> None:
    with transaction.atomic():
        _held(delivery)
        delivery.lease_until, delivery.not_before = None, shared_clock.now() + wait
        delivery.problem = problem[:500]
        delivery.failures += 1 if problem else 0
        delivery.save(update_fields=["lease_until", "not_before", "problem", "failures"])


def _end(delivery: InboundDelivery, outcome: InboundDelivery.Outcome) -> None:
    with transaction.atomic():
        _held(delivery)
        _finish(delivery, outcome)


def _finish(delivery: InboundDelivery, outcome: InboundDelivery.Outcome) -> None:
    """The caller holds the row."""
    delivery.status, delivery.outcome = _Status.HANDLED, outcome
    delivery.handled_at, delivery.lease_until, delivery.problem = shared_clock.now(), None, ""
    delivery.save(update_fields=["status", "outcome", "handled_at", "lease_until", "problem"])


def _held(delivery: InboundDelivery) -> None:
    """Locks the row for the transaction. Raises _Lost when this worker is not the one that has it any more."""
    found = InboundDelivery.unscoped.select_for_update().filter(
        pk=delivery.pk, attempt=delivery.attempt, status=_Status.WAITING
    )
    if not found.values_list("pk", flat=True).first():
        raise _Lost
