"""A product with everything in its places: what the shop has, what of it is ours, what was published to it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import NotFound
from integrations.models import CatalogImage, CatalogProduct, CatalogVariant, ImageVerdict, Publication
from integrations.publishing import MAIN
from integrations.queries.catalog import products
from integrations.queries.image_verdicts import verdicts_of
from integrations.queries.publications import publications
from integrations.queries.published import is_still_there, shown


@dataclass(frozen=True, slots=True)
class Slot:
    """A place of the product. `number`: counted from 1, None for a slot outside of the gallery.

    `ours`: the publication that its image came by. `verdict`: what its image comes to by the rules, where it was looked
    at. `image` is None for an empty place, and for a slot that the sync does not read.
    """

    slot: str
    number: int | None
    image: CatalogImage | None
    ours: Publication | None
    verdict: ImageVerdict | None = None


@dataclass(frozen=True, slots=True)
class VariantRow:
    variant: CatalogVariant
    slot: Slot


@dataclass(frozen=True, slots=True)
class ProductPage:
    product: CatalogProduct
    slots: list[Slot]
    variants: list[VariantRow]
    history: QuerySet[Publication]

    @property
    def alone(self) -> list[CatalogProduct]:
        """For what takes several products."""
        return [self.product]


def product_page(actor: Actor, product_id: uuid.UUID, *, extra_slots: tuple[str, ...] = ()) -> ProductPage:
    """Raises NotFound, also where the actor does not see its shop."""
    product = found_product(actor, product_id)
    ours = {
        (each.variant, each.slot): each
        for each in shown(actor).filter(connection=product.connection_id, product=product.remote_id)
    }
    images = list(CatalogImage.objects.of(actor).filter(product=product).order_by("variant", "position"))
    verdicts = verdicts_of(actor, product, images)
    gallery = [image for image in images if not image.variant]
    slots = [
        _slot(ours, verdicts, "", MAIN if not at else str(at + 1), at + 1, image) for at, image in enumerate(gallery)
    ]
    slots += [_slot(ours, verdicts, "", slot, None, None) for slot in extra_slots if slot != MAIN]
    of_variants = {image.variant: image for image in images if image.variant}
    variants = CatalogVariant.objects.of(actor).filter(product=product).order_by("position", "pk")
    rows = [
        VariantRow(each, _slot(ours, verdicts, each.remote_id, MAIN, 1, of_variants.get(each.remote_id)))
        for each in variants
    ]
    history = publications(actor).filter(connection=product.connection_id, product=product.remote_id)
    return ProductPage(product, slots, rows, history)


def found_product(actor: Actor, product_id: uuid.UUID) -> CatalogProduct:
    """Raises NotFound."""
    actor.require(Permission.CATALOG_READ)
    found = products(actor).filter(pk=product_id).first()
    if found is None:
        raise NotFound(gettext("There is no such product in the catalog. A later sync may have removed it."))
    return found


def _slot(
    ours: dict[tuple[str, str], Publication],
    verdicts: dict[int, ImageVerdict],
    variant: str,
    slot: str,
    number: int | None,
    image: CatalogImage | None,
) -> Slot:
    publication = ours.get((variant, slot))
    if publication and image and not is_still_there(publication, image.remote_id):
        publication = None
    if publication and image is None and number is not None:
        publication = None
    return Slot(slot, number, image, publication, verdicts.get(image.pk) if image else None)
