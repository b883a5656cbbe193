"""The synced catalog as it is searched, and how its syncs stand."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import InvalidInput
from accounts.kit.sorted_paging import Order
from integrations.models import CatalogImage, CatalogProduct, CatalogSync, Connection
from integrations.models.catalog import FEW_IMAGES, TITLE_KEY
from integrations.queries.connections import connections

# What a product's images come to by the rules of its marketplace, as filters call it; "unchecked": not all were judged.
VERDICTS = {"passes": "pass", "warns": "warn", "breaks": "fail", "unchecked": ""}
STATES = ("none", "few", *VERDICTS, "ours", "fail")
# What the list can be sorted by, each with an index that begins at the organization.
ORDERS: dict[str, str | Combinable] = {
    "title": TITLE_KEY, "sku": "sku_key", "images": "image_count", "read": "asked_at",
}  # fmt: skip
_STATUSES_FROM = 5000


def products(
    actor: Actor, *, search: str = "", connection: str = "", state: str = "", status: str = ""
) -> QuerySet[CatalogProduct]:
    """Products of the connections that the actor sees; every word of `search` is in title, handle, a SKU or a barcode.

    `state` of the images: none, few, one of VERDICTS, `ours` (the main image was published from here), `fail` (and it
    broke a rule then). `status`: in the shop's own words. Raises InvalidInput for a connection that is no id, and an
    unknown state.
    """
    actor.require(Permission.CATALOG_READ)
    found = CatalogProduct.objects.of(actor).select_related("connection")
    # The few ids themselves: a database plans better with them than with the question for them.
    found = found.filter(connection__in=list(connections(actor).order_by().values_list("pk", flat=True)))
    if connection:
        try:
            found = found.filter(connection_id=uuid.UUID(connection))
        except ValueError:
            raise InvalidInput(gettext("There is no such connection."), field="connection") from None
    if status:
        found = found.filter(status=status)
    for word in search.lower().split()[:8]:
        found = found.filter(words__contains=word)
    return _in_state(found, state)


def order_of(sort: str, *, matches: tuple[int, bool] | None = None) -> Order | None:
    """`sort`: a name of ORDERS, with a minus for the other direction; None is by age. Raises InvalidInput.

    `matches`: what `count` says of a search by words. The first of them in an order may stand anywhere, so they are
    sorted themselves; more than are counted stay by age.
    """
    name = sort.removeprefix("-")
    if not sort:
        return None
    if name not in ORDERS:
        raise InvalidInput(
            gettext("The list is sorted by one of {orders}.").format(orders=", ".join(ORDERS)), field="sort"
        )
    if matches and matches[1]:
        return None
    return Order(ORDERS[name], descending=sort.startswith("-"), along_index=matches is None)


def with_main_images(found: QuerySet[CatalogProduct]) -> QuerySet[CatalogProduct]:
    """Each with `main_images`: its main image in a list, or an empty one."""
    main = CatalogImage.unscoped.filter(variant="", position=0)
    return found.prefetch_related(Prefetch("images", queryset=main, to_attr="main_images"))


def statuses(actor: Actor) -> list[str]:
    """In the shops' own words, as the latest products have them."""
    latest = products(actor).select_related(None).order_by("-pk").values_list("status", flat=True)[:_STATUSES_FROM]
    return sorted({status for status in latest if status}, key=str.lower)


def _in_state(found: QuerySet[CatalogProduct], state: str) -> QuerySet[CatalogProduct]:
    if not state:
        return found
    if state not in STATES:
        raise InvalidInput(gettext("The state is one of {states}.").format(states=", ".join(STATES)), field="state")
    if state in ("none", "few"):
        few = found.filter(image_count__lt=FEW_IMAGES)
        return few.filter(image_count=0) if state == "none" else few.filter(image_count__gt=0)
    if state in VERDICTS:
        judged = found.filter(verdict=VERDICTS[state])
        return judged.filter(image_count__gt=0) if state == "unchecked" else judged
    return found.exclude(ours="") if state == "ours" else found.filter(ours="fail")


def latest_syncs(actor: Actor, rows: Iterable[Connection]) -> dict[uuid.UUID, CatalogSync]:
    """The newest sync of each connection that has one."""
    actor.require(Permission.CATALOG_READ)
    newest = CatalogSync.objects.of(actor).filter(connection=OuterRef("connection")).order_by("-pk").values("pk")[:1]
    found = CatalogSync.objects.of(actor).filter(connection__in=[row.pk for row in rows], pk=Subquery(newest))
    return {sync.connection_id: sync for sync in found}


def latest_sync(actor: Actor, row: Connection) -> CatalogSync | None:
    actor.require(Permission.CATALOG_READ)
    return CatalogSync.objects.of(actor).filter(connection=row).order_by("-pk").first()
