"""A worker's hold on a superseded image: taken by one, and only while nothing may put the image back into a product."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.kit import shared_clock
from integrations.actions.superseded.find import find
from integrations.models import CatalogSync, Connection, Publication, SupersededImage

# Longer than the longest call to a shop; renewed before each.
LEASE = timedelta(seconds=240)
_LOOK_AT = 50
# Until the catalog has been read again, and until a publication of the product has ended.
_SOON, _AFTER_A_SYNC, _AFTER_A_PUBLICATION = timedelta(minutes=1), timedelta(minutes=30), timedelta(minutes=5)
_Status = SupersededImage.Status
_STILL_NEEDED = "What has replaced it can be put back only while the shop has this image: there is no copy of it here."


class Lost(Exception):
    """Another turn works on it by now."""


def due(connection: Connection, now: datetime) -> QuerySet[SupersededImage]:
    """Asked for by a person, or old enough; none of a shop that is gone, broken or paused."""
    rows = SupersededImage.unscoped.filter(connection=connection, status=_Status.WAITING, not_before__lte=now)
    if connection.disconnected_at or connection.broken or connection.paused_at or connection.organization.closes_at:
        return rows.none()
    wanted = Q(asked_at__isnull=False)
    if connection.remove_after_days is not None:
        wanted |= Q(since__lte=now - timedelta(days=connection.remove_after_days))
    return rows.filter(wanted).filter(Q(lease_until=None) | Q(lease_until__lte=now))


def claim(connection: Connection) -> SupersededImage | None:
    """The next one under a new attempt; None where there is nothing to do now."""
    for pk in list(due(connection, shared_clock.now()).order_by("pk").values_list("pk", flat=True)[:_LOOK_AT]):
        if (row := _claimed(connection, pk)) is not None:
            return row
    return None


@transaction.atomic
def _claimed(connection: Connection, pk: uuid.UUID) -> SupersededImage | None:
    now = shared_clock.now()
    found = due(connection, now).filter(pk=pk)
    # Whoever claims one of these waits here, and then sees the lease. They come first, as where a publication ends.
    of_product = Publication.unscoped.filter(connection=connection, product__in=found.values("product"))
    list(of_product.select_for_update().order_by("pk").values_list("pk", flat=True))
    row = found.select_for_update(of=("self",)).select_related("connection__organization", "publication").first()
    if row is None:
        return None
    if of_product.filter(status__in=Publication.OPEN).exists():
        _later(row, _AFTER_A_PUBLICATION)
        return None
    find(row.connection, product=row.product)
    if not SupersededImage.unscoped.filter(pk=row.pk).exists():
        return None  # a product shows it again
    was_there = Publication.unscoped.filter(
        connection=row.connection_id, before__image__remote_id=row.remote_id, dry_run=False, sandbox=False
    )
    if was_there.filter(status__in=Publication.OPEN).exists():
        _later(row, _AFTER_A_PUBLICATION)
        return None
    if was_there.filter(status=Publication.Status.CONFIRMED, old_image=None).exists():
        row.status, row.note = _Status.LEFT, _STILL_NEEDED
        row.save(update_fields=["status", "note"])
        return None
    if not read_since(row.connection, row.since):
        _later(row, _SOON if row.asked_at else _AFTER_A_SYNC)
        return None
    row.attempt += 1
    row.failures += row.lease_until is not None  # the worker before ended without a word
    row.lease_until = now + LEASE
    row.save(update_fields=["attempt", "failures", "lease_until"])
    return row


def read_since(connection: Connection, moment: datetime) -> bool:
    """Whether the catalog was read to its end after that: another product may show the file since."""
    done = CatalogSync.unscoped.filter(connection=connection, status=CatalogSync.Status.SUCCEEDED)
    return done.filter(created_at__gte=moment).exists()


def is_being_removed(connection_id: uuid.UUID, product: str, now: datetime) -> bool:
    """For publications: none of this product is begun meanwhile."""
    held = SupersededImage.unscoped.filter(connection=connection_id, product=product, lease_until__gt=now)
    return held.filter(status=_Status.WAITING).exists()


def hold_on(row: SupersededImage) -> None:
    """Before each call to the shop. Raises Lost."""
    if not fenced(row).update(lease_until=shared_clock.now() + LEASE):
        raise Lost


def fenced(row: SupersededImage) -> QuerySet[SupersededImage]:
    return SupersededImage.unscoped.filter(pk=row.pk, attempt=row.attempt, lease_until__isnull=False)


def _later(row: SupersededImage, pause: timedelta) -> None:
    row.not_before = shared_clock.now() + pause
    row.save(update_fields=["not_before"])
