"""Pausing a shop: nothing new is published to it until it is resumed. Old images still come back, syncs go on."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import audit
from integrations.actions.publishing.queue import send_next
from integrations.models import Connection
from integrations.queries import connections as queries


def pause(actor: Actor, *, connection_id: uuid.UUID) -> Connection:
    """Whoever may publish to it may pause it. What is at the shop already ends there. Raises NotFound."""
    return _set(actor, connection_id, paused=True)


def resume(actor: Actor, *, connection_id: uuid.UUID) -> Connection:
    """What has waited goes out. Raises NotFound."""
    row = _set(actor, connection_id, paused=False)
    send_next(row.pk)
    return row


@transaction.atomic
def _set(actor: Actor, connection_id: uuid.UUID, *, paused: bool) -> Connection:
    actor.require(Permission.PUBLISH_WRITE)
    seen = queries.connection(actor, connection_id, needs=Permission.PUBLISH_WRITE)
    row = Connection.objects.of(actor).select_for_update(no_key=True).get(pk=seen.pk)
    if (row.paused_at is not None) != paused:
        row.paused_at = timezone.now() if paused else None
        row.save(update_fields=["paused_at"])
        action = "connection.paused" if paused else "connection.resumed"
        audit.record(actor, action, target_kind="connection", target_id=row.pk)
    return row
