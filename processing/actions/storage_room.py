"""The room for images that an organization's plan leaves: refused when it is full, told of before.

The figure is counted now and then and added to in between, so it costs the others nothing: without a limit nothing is
asked. Work in hand is never thrown away for it, so a plan may be exceeded by the images that were being made.
"""

from __future__ import annotations

import hashlib
import uuid
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.kit import tasks
from accounts.kit.errors import PackshotError
from accounts.models import Organization
from processing.models import Blob, StoredBytes
from processing.queries.stored_bytes import Room, count, most_bytes

_HOLDS = timedelta(seconds=30)
# Before a refusal it is counted again, but not for each call of a program that goes on calling.
_HOLDS_WHEN_FULL = timedelta(seconds=2)
_SWEPT_EVERY = timedelta(minutes=10)
_ROOM_AGAIN_PERCENT = 85
_AT_ONCE = 20


class StorageFull(PackshotError):
    """The plan's storage is full. Delete images or ask for a larger plan; nothing was done or charged."""

    code = "storage_full"
    status = 402
    title = "The storage of the plan is full"


def refuse_if_full(actor: Actor, *, more: bytes = b"") -> None:
    """`more`: what is about to be stored. Bytes that are there already take no room. Raises StorageFull."""
    most = most_bytes(actor.organization)
    if most is None:
        return
    organization_id = actor.organization.pk
    if _fits(organization_id, most, len(more), _HOLDS) or _fits(organization_id, most, len(more), _HOLDS_WHEN_FULL):
        if more:
            # After the commit: nobody waits for this row with others in hand.
            transaction.on_commit(partial(_add, organization_id, len(more)))
        return
    if more and Blob.objects.of(actor).filter(sha256=hashlib.sha256(more).hexdigest()).exists():
        return
    used = StoredBytes.objects.of(actor).values_list("bytes", flat=True).get()
    raise StorageFull(
        gettext(
            "The plan {plan} has room for {most} of images, and {used} are stored. "
            "Delete some, or ask for a larger plan."
        ).format(plan=actor.organization.plan, most=_readable(most), used=_readable(used))
    )


def watch() -> None:
    """The sweeper's part: counts where there is a limit, and tells owners and admins once of what is nearly full."""
    limited = Organization.objects.filter(plan__storage_megabytes__isnull=False, closes_at=None).select_related("plan")
    fresh = StoredBytes.unscoped.filter(counted_at__gt=timezone.now() - _SWEPT_EVERY).values("organization")
    for organization in limited.exclude(pk__in=fresh).order_by("pk")[:_AT_ONCE]:
        row = recount(organization.pk)
        room = Room(row.bytes, most_bytes(organization))
        told = StoredBytes.unscoped.filter(pk=row.pk)
        if room.nearly_full:
            with transaction.atomic():
                if told.filter(told=False).update(told=True):
                    transaction.on_commit(
                        partial(tasks.send, "processing.mail_storage", str(organization.pk), queue="io")
                    )
        elif room.percent < _ROOM_AGAIN_PERCENT:
            told.filter(told=True).update(told=False)


def recount(organization_id: uuid.UUID) -> StoredBytes:
    row, _ = StoredBytes.unscoped.update_or_create(
        organization_id=organization_id,
        defaults={"bytes": count(organization_id), "counted_at": timezone.now()},
    )
    return row


def _fits(organization_id: uuid.UUID, most: int, more: int, holds: timedelta) -> bool:
    row = StoredBytes.unscoped.filter(organization_id=organization_id).first()
    if row is None or row.counted_at < timezone.now() - holds:
        row = recount(organization_id)
    return row.bytes + max(more, 1) <= most


def _add(organization_id: uuid.UUID, size: int) -> None:
    StoredBytes.unscoped.filter(organization_id=organization_id).update(bytes=F("bytes") + size)


def _readable(size: int) -> str:
    return f"{size / 1e9:.2f} GB" if size >= 1_000_000_000 else f"{size / 1e6:.1f} MB"
