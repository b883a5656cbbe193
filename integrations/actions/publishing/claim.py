"""A worker's hold on a publication: taken by one at a time, fenced by its attempt, given up with its lease."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from accounts.kit import shared_clock
from integrations.actions.superseded.claim import is_being_removed
from integrations.models import Publication
from integrations.publishing import Memory

# Longer than the longest call to a shop; renewed before each.
LEASE = timedelta(seconds=240)
# Publications of one shop that are worked on at once: more would only wait for its pace.
_AT_ONCE = 2

_Status, _Task = Publication.Status, Publication.Task


class Lost(Exception):
    """Another turn works on this publication by now: this one must neither send nor write anything."""


def due(now: datetime) -> Q:
    """What a worker may take. Nothing new goes to a paused shop; what is there may still be put back."""
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    running = ~Q(task=_Task.PUBLISH) | Q(connection__paused_at=None)
    return Q(status__in=Publication.OPEN, held=False, not_before__lte=now) & free & running


def claim(publication_id: uuid.UUID) -> Publication | None:
    """The row under a new attempt; None where there is nothing to do now.

    Two places of one product are never changed at once: shops take a product's images as one list.
    """
    seen = Publication.unscoped.filter(pk=publication_id).values_list("connection", "product").first()
    if seen is None:
        return None
    now = shared_clock.now()
    with transaction.atomic():
        same = Publication.unscoped.select_for_update(of=("self",)).select_related("connection")
        rows = list(same.filter(connection=seen[0], product=seen[1], status__in=Publication.OPEN).order_by("pk"))
        if any(each.lease_until and each.lease_until > now for each in rows) or _busy(seen[0], now):
            return None
        if is_being_removed(*seen, now):
            return None
        taken = Publication.unscoped.filter(due(now), pk=publication_id)
        row = next((each for each in rows if each.pk == publication_id), None)
        if row is None or not taken.exists():
            return None
        if row.lease_until is not None:  # the worker before ended without a word
            row.failures += 1
        row.attempt += 1
        row.lease_until = now + LEASE
        if row.task != _Task.FOLLOW:
            row.status = _Status.SENDING
        row.save(update_fields=["attempt", "failures", "lease_until", "status"])
    related = ("connection__organization", "sent_image__blob", "old_image__blob")
    return Publication.unscoped.select_related(*related).get(pk=publication_id)


def hold_on(row: Publication) -> None:
    """Before each call to the shop. Raises Lost, so that nothing is sent by two."""
    renewed = Publication.unscoped.filter(_fence(row)).update(lease_until=shared_clock.now() + LEASE)
    if not renewed:
        raise Lost


def lock(row: Publication) -> None:
    """For the rest of the transaction. Raises Lost."""
    if not Publication.unscoped.select_for_update().filter(_fence(row)).values_list("pk", flat=True).first():
        raise Lost


@dataclass
class RowMemory(Memory):
    """In the publication's row, under its fence."""

    row: Publication
    _values: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self._values = dict(self.row.memory)

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def get(self, name: str, default: str = "") -> str:
        return self._values.get(name, default)

    def keep(self, values: Mapping[str, str]) -> None:
        kept = {**self._values, **values}
        if not Publication.unscoped.filter(_fence(self.row)).update(memory=kept):
            raise Lost
        self.row.memory = self._values = kept


def _fence(row: Publication) -> Q:
    return Q(pk=row.pk, attempt=row.attempt, lease_until__isnull=False)


def _busy(connection_id: uuid.UUID, now: datetime) -> bool:
    # The open ones have an index of their own: a shop's history may be long.
    held = Publication.unscoped.filter(connection=connection_id, status__in=Publication.OPEN, lease_until__gt=now)
    return held.count() >= _AT_ONCE
