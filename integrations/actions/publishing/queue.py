"""Sending publications to the workers. A message is a hint: what is due stands in the rows, and `sweep` finds it."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import timedelta

from django.db import transaction

from accounts.kit import shared_clock, tasks
from integrations.actions.publishing.claim import due
from integrations.models import Publication

_SEND_AGAIN = timedelta(seconds=30)
_LOOK_AT, _EACH = 500, 2


def send_after_commit(row: Publication) -> None:
    transaction.on_commit(lambda: send(row.pk))


def send(publication_id: uuid.UUID) -> None:
    tasks.send("integrations.publication", str(publication_id), queue="io")


def send_next(connection_id: uuid.UUID) -> None:
    """Something of this shop has ended, or was let go: the next of it may be taken."""
    found = Publication.unscoped.filter(due(shared_clock.now()), connection=connection_id)
    for publication_id in list(found.order_by("not_before", "pk").values_list("pk", flat=True)[:_EACH]):
        send(publication_id)


def sweep() -> None:
    """What waits, and what a crash has left behind; a few of each shop, so that a large run holds up no other shop."""
    now = shared_clock.now()
    found = Publication.unscoped.filter(due(now), sent_at__lte=now - _SEND_AGAIN).order_by("not_before", "pk")
    sent: Counter[uuid.UUID] = Counter()
    for publication_id, connection_id in list(found.values_list("pk", "connection")[:_LOOK_AT]):
        if sent[connection_id] < _EACH:
            sent[connection_id] += 1
            Publication.unscoped.filter(pk=publication_id).update(sent_at=now)
            send(publication_id)
