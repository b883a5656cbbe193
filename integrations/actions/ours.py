"""Keeping beside a product how the main image was judged that was published from here: catalogs are filtered by it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection

from django.db import transaction

from integrations.models import CatalogProduct, Publication
from integrations.publishing import MAIN


def refresh_after(row: Publication) -> None:
    """After a publication's status was written. The caller's transaction holds."""
    if row.slot == MAIN and not row.variant and not row.dry_run and not row.sandbox:
        refresh(row.connection_id, [row.product])


def refresh_after_reading(connection_id: uuid.UUID, remote_ids: Collection[str]) -> None:
    """For a sync, which makes products that were published to before. A shop without publications costs a question."""
    if remote_ids and Publication.unscoped.filter(connection=connection_id).exists():
        refresh(connection_id, remote_ids)


@transaction.atomic
def refresh(connection_id: uuid.UUID, remote_ids: Collection[str]) -> None:
    """Only what differs is written. One at a time for a product: the last one sees all."""
    rows = CatalogProduct.unscoped.filter(connection=connection_id, remote_id__in=remote_ids).only(
        "pk", "remote_id", "ours"
    )
    locked = list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))
    now = last_verdicts(connection_id, [row.remote_id for row in locked])
    changed: defaultdict[str, list[uuid.UUID]] = defaultdict(list)
    for row in locked:
        if row.ours != (state := now.get(row.remote_id, "")):
            changed[state].append(row.pk)
    for state, pks in changed.items():
        CatalogProduct.unscoped.filter(pk__in=pks).update(ours=state)


def last_verdicts(connection_id: uuid.UUID, remote_ids: Collection[str]) -> dict[str, str]:
    """By remote id: the verdict of the main image that was confirmed last; `other` where nobody has judged it."""
    confirmed = Publication.unscoped.filter(
        connection=connection_id, product__in=remote_ids, variant="", slot=MAIN, dry_run=False, sandbox=False,
        status=Publication.Status.CONFIRMED,
    )  # fmt: skip
    return {
        product: verdict or CatalogProduct.OTHER
        for product, verdict in confirmed.order_by("pk").values_list("product", "verdict")
    }
