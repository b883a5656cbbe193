"""Keeping what a product's images come to beside the product: the catalog is filtered by it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection

from django.db import transaction

from integrations.models import CatalogProduct, ImageVerdict
from integrations.queries.image_verdicts import states_of


@transaction.atomic
def refresh(product_ids: Collection[uuid.UUID]) -> None:
    """After a verdict, or after images have come and gone. One at a time for a product: the last one sees all."""
    rows = CatalogProduct.unscoped.filter(pk__in=product_ids).select_related("connection")
    rows = rows.select_for_update(of=("self",), no_key=True).order_by("pk")
    changed: defaultdict[str, list[uuid.UUID]] = defaultdict(list)
    for row, state in states_of(rows):
        if row.verdict != state:
            changed[state].append(row.pk)
    for state, pks in changed.items():
        CatalogProduct.unscoped.filter(pk__in=pks).update(verdict=state)


def refresh_after_reading(connection_id: uuid.UUID, product_ids: Collection[uuid.UUID]) -> None:
    """For a sync: a shop of which nothing was judged yet costs one question."""
    if product_ids and ImageVerdict.unscoped.filter(connection=connection_id).exists():
        refresh(product_ids)
