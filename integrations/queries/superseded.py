"""Files of ours that no product of a shop shows any more, as its page lists them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from integrations.models import CatalogImage, Connection, SupersededImage


def superseded(actor: Actor, row: Connection) -> QuerySet[SupersededImage]:
    """Newest first, without what was removed and what a product shows again."""
    actor.require(Permission.CATALOG_READ)
    found = SupersededImage.objects.of(actor).filter(connection=row).exclude(status=SupersededImage.Status.REMOVED)
    return found.exclude(is_shown()).select_related("publication").order_by("-pk")


def goes_at(row: Connection, image: SupersededImage) -> datetime | None:
    """When its time of grace is over; None where it stays."""
    if image.status != SupersededImage.Status.WAITING:
        return None
    if image.asked_at:
        return image.asked_at
    return image.since + timedelta(days=row.remove_after_days) if row.remove_after_days is not None else None


def is_shown() -> Exists:
    """Of rows with a connection and a remote id: whether a product shows the file, as far as the catalog knows."""
    same = CatalogImage.unscoped.filter(organization=OuterRef("organization"), remote_id=OuterRef("remote_id"))
    return Exists(same.filter(product__connection=OuterRef("connection")))
