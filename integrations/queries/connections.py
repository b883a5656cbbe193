"""Connections: which ones a person or a program sees, and which of those they may change."""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import NotFound
from integrations.models import Connection


def connections(
    actor: Actor, *, needs: Permission = Permission.CATALOG_READ, ended: bool = False
) -> QuerySet[Connection]:
    """One's own and the shared ones, by age. Who manages the members sees all: a shop must not hang on one person.

    `ended`: with those that are disconnected, for what was done with them.
    """
    actor.require(needs)
    found = Connection.objects.of(actor).select_related("maker").order_by("pk")
    if not ended:
        found = found.filter(disconnected_at=None)
    if actor.may(Permission.MEMBERS_WRITE):
        return found
    return found.filter(Q(shared=True) | Q(maker=actor.user))


def connection(actor: Actor, connection_id: uuid.UUID, *, needs: Permission = Permission.CATALOG_READ) -> Connection:
    """Raises NotFound, also for somebody's own that is not shared."""
    found = connections(actor, needs=needs).filter(pk=connection_id).first()
    if found is None:
        raise NotFound("There is no such connection.")
    return found


def may_change(actor: Actor, row: Connection) -> bool:
    """Its maker, and who manages the members."""
    if not actor.may(Permission.PUBLISH_WRITE):
        return False
    return actor.may(Permission.MEMBERS_WRITE) or (actor.user is not None and row.maker_id == actor.user.pk)
