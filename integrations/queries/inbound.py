"""What a shop has told us, and whether it still does."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from integrations.models import Connection, InboundDelivery, InboundHook


def hook(actor: Actor, row: Connection) -> InboundHook | None:
    """None where the shop tells us nothing."""
    actor.require(Permission.CATALOG_READ)
    return InboundHook.objects.of(actor).filter(connection=row).first()


def deliveries(actor: Actor, row: Connection) -> QuerySet[InboundDelivery]:
    """Newest first, without their bodies."""
    actor.require(Permission.CATALOG_READ)
    return InboundDelivery.objects.of(actor).filter(connection=row).defer("body", "headers").order_by("-pk")
