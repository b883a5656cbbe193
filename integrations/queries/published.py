"""Which images of the shops are ours: the last ones that were confirmed in their places."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, QuerySet

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from integrations.models import CatalogProduct, Publication
from integrations.publishing import MAIN

_Status = Publication.Status


def confirmed(actor: Actor) -> QuerySet[Publication]:
    """Of each place all that were ever confirmed."""
    actor.require(Permission.CATALOG_READ)
    return Publication.objects.of(actor).filter(dry_run=False, sandbox=False, status=_Status.CONFIRMED)


def shown(actor: Actor) -> QuerySet[Publication]:
    """Confirmed ones that no later one for the same place has taken the place of."""
    real = confirmed(actor)
    place = {name: OuterRef(name) for name in ("connection", "product", "variant", "slot")}
    return real.exclude(Exists(real.filter(**place, pk__gt=OuterRef("pk"))))


def shown_main_images(actor: Actor) -> QuerySet[Publication]:
    return shown(actor).filter(variant="", slot=MAIN)


def main_images(actor: Actor, rows: Sequence[CatalogProduct]) -> dict[tuple[object, str], Publication]:
    """By connection and remote id of the product: the publication that its main image came by."""
    ids = [row.remote_id for row in rows]
    found = shown_main_images(actor).filter(product__in=ids, connection__in={row.connection_id for row in rows})
    return {(each.connection_id, each.product): each for each in found}


def is_still_there(publication: Publication, remote_id: str) -> bool:
    """Whether the place holds our image at the last sync, as far as the shop tells images apart."""
    return not publication.remote_id or publication.remote_id == remote_id
