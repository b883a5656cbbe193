"""Finding files of ours that no product shows any more: where a publication has ended, and now and then everywhere."""

from __future__ import annotations

import uuid

from django.db.models import Exists, OuterRef, QuerySet

from integrations import registry
from integrations.models import Connection, Publication, SupersededImage
from integrations.queries.superseded import is_shown

_Status = Publication.Status
_AT_ONCE = 500


def find(connection: Connection, *, product: str = "") -> None:
    """Lists what is new, and forgets what a product shows again. With `product`: of that one alone."""
    if not registry.find(connection.marketplace).publisher.files_stay:
        return
    listed = SupersededImage.unscoped.filter(connection=connection)
    made = Publication.unscoped.filter(connection=connection, dry_run=False, sandbox=False).exclude(remote_id="")
    if product:
        listed, made = listed.filter(product=product), made.filter(product=product)
    waiting = listed.exclude(status=SupersededImage.Status.REMOVED).filter(lease_until=None)
    SupersededImage.unscoped.filter(pk__in=list(waiting.filter(is_shown()).values_list("pk", flat=True))).delete()
    later = Publication.unscoped.filter(
        connection=OuterRef("connection"), product=OuterRef("product"), variant=OuterRef("variant"),
        slot=OuterRef("slot"), dry_run=False, sandbox=False, status=_Status.CONFIRMED, pk__gt=OuterRef("pk"),
    ).exclude(remote_id=OuterRef("remote_id"))  # fmt: skip
    replaced = made.filter(status=_Status.REVERTED) | made.filter(Exists(later), status=_Status.CONFIRMED)
    known = SupersededImage.unscoped.filter(connection=connection, remote_id=OuterRef("remote_id"))
    new: dict[str, Publication] = {}
    for row in _first(replaced.exclude(is_shown()).exclude(Exists(known))):
        # The first that has shown it is the one that brought it.
        new.setdefault(row.remote_id, row)
    SupersededImage.unscoped.bulk_create(
        [
            SupersededImage(
                organization_id=row.organization_id,
                connection=connection,
                publication=row,
                product=row.product,
                remote_id=row.remote_id,
            )
            for row in new.values()
        ],
        ignore_conflicts=True,
    )


def find_everywhere() -> None:
    """For the sweeper: what was replaced before it could be listed, or shown again by the shop's own people."""
    kinds = [key for key, kind in registry.MARKETPLACES.items() if kind.publisher.files_stay]
    for connection_id in _connected(kinds):
        connection = Connection.unscoped.filter(pk=connection_id, disconnected_at=None).first()
        if connection is not None:
            find(connection)


def _connected(kinds: list[str]) -> list[uuid.UUID]:
    rows = Connection.unscoped.filter(marketplace__in=kinds, disconnected_at=None, organization__closes_at=None)
    return list(rows.values_list("pk", flat=True))


def _first(rows: QuerySet[Publication]) -> list[Publication]:
    return list(rows.order_by("pk").only("organization_id", "product", "remote_id")[:_AT_ONCE])
