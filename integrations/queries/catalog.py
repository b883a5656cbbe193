"""The synced catalog as it is searched, and how its syncs stand."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import OuterRef, QuerySet, Subquery

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import InvalidInput
from integrations.models import CatalogProduct, CatalogSync, Connection
from integrations.queries.connections import connections


def products(actor: Actor, *, search: str = "", connection: str = "") -> QuerySet[CatalogProduct]:
    """Products of the connections that the actor sees; every word of `search` is in the title or a SKU.

    Raises InvalidInput for a connection that is no id.
    """
    actor.require(Permission.CATALOG_READ)
    found = CatalogProduct.objects.of(actor).select_related("connection")
    found = found.filter(connection__in=connections(actor).order_by().values("pk"))
    if connection:
        try:
            found = found.filter(connection_id=uuid.UUID(connection))
        except ValueError:
            raise InvalidInput("There is no such connection.", field="connection") from None
    for word in search.lower().split()[:8]:
        found = found.filter(words__contains=word)
    return found


def latest_syncs(actor: Actor, rows: Iterable[Connection]) -> dict[uuid.UUID, CatalogSync]:
    """The newest sync of each connection that has one."""
    actor.require(Permission.CATALOG_READ)
    newest = CatalogSync.objects.of(actor).filter(connection=OuterRef("connection")).order_by("-pk").values("pk")[:1]
    found = CatalogSync.objects.of(actor).filter(connection__in=[row.pk for row in rows], pk=Subquery(newest))
    return {sync.connection_id: sync for sync in found}


def latest_sync(actor: Actor, row: Connection) -> CatalogSync | None:
    actor.require(Permission.CATALOG_READ)
    return CatalogSync.objects.of(actor).filter(connection=row).order_by("-pk").first()
