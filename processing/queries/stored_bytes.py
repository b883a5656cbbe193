"""How much of its plan's storage an organization uses."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Sum

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.models import Organization
from processing.models import Blob, StoredBytes

_HOLDS_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Room:
    """In bytes. `most`: None where the plan has no limit."""

    used: int
    most: int | None

    @property
    def percent(self) -> int:
        return min(100, 100 * self.used // self.most) if self.most else 100

    @property
    def full(self) -> bool:
        return self.most is not None and self.used >= self.most

    @property
    def nearly_full(self) -> bool:
        return self.most is not None and self.percent >= NEARLY_PERCENT


NEARLY_PERCENT = 90


def room(actor: Actor) -> Room:
    """For people to read: some minutes old at most."""
    actor.require(Permission.CREDITS_READ)
    organization_id = actor.organization.pk
    most = most_bytes(actor.organization)
    row = StoredBytes.objects.of(actor).first() if most is not None else None
    if row:
        return Room(row.bytes, most)
    used = cache.get_or_set(f"stored-bytes:{organization_id}", lambda: count(organization_id), _HOLDS_SECONDS)
    return Room(used or 0, most)


def most_bytes(organization: Organization) -> int | None:
    """What its plan allows; None is no limit. Asks the database only where it has a plan."""
    if organization.plan_id is None or organization.plan is None:
        return None
    megabytes = organization.plan.storage_megabytes
    return None if megabytes is None else megabytes * 1_000_000


def count(organization_id: uuid.UUID) -> int:
    """Bytes of its images, each content once. What is derived from them is not counted: it can be made again."""
    return Blob.unscoped.filter(organization_id=organization_id).aggregate(sum=Sum("bytes"))["sum"] or 0
