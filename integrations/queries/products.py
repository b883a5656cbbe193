"""Products with all that belongs to them, found by the ids of their shops or by a SKU."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import NotFound
from integrations.matching.keys import loose
from integrations.models import CatalogImage, CatalogProduct, CatalogVariant, Connection

# A SKU is of one product, or of a few by mistake: more are not worth a list.
_MOST_OF_A_SKU = 1000


def whole(found: QuerySet[CatalogProduct]) -> QuerySet[CatalogProduct]:
    """With images and variants, each in their order, in three queries."""
    images = CatalogImage.unscoped.order_by("variant", "position")
    variants = CatalogVariant.unscoped.order_by("position", "pk")
    return found.prefetch_related(Prefetch("images", queryset=images), Prefetch("variants", queryset=variants))


def with_sku(actor: Actor, found: QuerySet[CatalogProduct], sku: str) -> QuerySet[CatalogProduct]:
    """Those that have it themselves or in a variant; upper and lower case are the same."""
    actor.require(Permission.CATALOG_READ)
    wanted = sku.strip().lower()
    # Two questions to two indexes (those of the keys): one question for both would read the whole catalog.
    key = loose(sku)[:200]
    own = CatalogProduct.objects.of(actor).annotate(low=Lower("sku")).filter(sku_key=key, low=wanted)
    of_variants = CatalogVariant.objects.of(actor).annotate(low=Lower("sku")).filter(sku_key=key, low=wanted)
    if key:
        own, of_variants = own.exclude(sku_key=""), of_variants.exclude(sku_key="")
    ids = {*own.values_list("pk", flat=True)[:_MOST_OF_A_SKU]}
    ids |= {*of_variants.values_list("product_id", flat=True)[:_MOST_OF_A_SKU]}
    return found.filter(pk__in=ids)


def product(actor: Actor, row: Connection, remote_id: str) -> CatalogProduct:
    """One product of a connection that the actor sees. Raises NotFound."""
    actor.require(Permission.CATALOG_READ)
    found = whole(CatalogProduct.objects.of(actor).filter(connection=row, remote_id=remote_id)).first()
    if found is None:
        raise NotFound(gettext("There is no such product in the synced catalog of this shop."), field="product")
    return found


def shared_with(actor: Actor, row: CatalogProduct, image: CatalogImage) -> int:
    """How many other products of the shop show the same file, as of the last sync."""
    actor.require(Permission.CATALOG_READ)
    if not image.remote_id:
        return 0
    same = CatalogImage.objects.of(actor).filter(remote_id=image.remote_id, product__connection=row.connection_id)
    return same.exclude(product=row).values("product").distinct().count()
