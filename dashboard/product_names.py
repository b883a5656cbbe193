"""Downloads named after products: `SKU_2.jpg`, or Amazon's `ASIN.MAIN.jpg`, which uploads without any connection."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from accounts.access.actor import Actor
from integrations.matching.keys import Kind
from integrations.matching.match import Matched
from integrations.matching.slots import amazon_slot, number_of
from integrations.matching.templates import readings
from integrations.models import CatalogProduct, CatalogVariant, Connection
from integrations.publishing import MAIN
from integrations.queries.match import match_products, wishes_of
from processing.models import JobImage

# Ready-made ones for the forms, with their words.
PRODUCT_TEMPLATES = (
    ("{asin}.{slot}", "Amazon: ASIN.MAIN, ASIN.PT01"),
    ("{sku}_{n}", "SKU_1, SKU_2"),
    ("{sku}-{n}", "SKU-1, SKU-2"),
    ("{barcode}_{n}", "Barcode_1, Barcode_2"),
    ("{handle}-{n}", "handle-1, handle-2"),
)
Values = Mapping[str, str]


def by_catalog(actor: Actor, connection: Connection, images: Sequence[JobImage]) -> dict[uuid.UUID, Values]:
    """What each image's product is called, by the image's id, for those whose name fits exactly one place."""
    wishes = wishes_of((image.name, image.pk) for image in images)
    return of_matches(actor, match_products(actor, connection=connection, wishes=wishes))


def of_matches(actor: Actor, matched: Matched) -> dict[uuid.UUID, Values]:
    choices = {each.wish.image_id: each.choice for each in matched.matched if each.wish.image_id}
    products = CatalogProduct.objects.of(actor).in_bulk({each.target.product_id for each in choices.values()})
    ids = {each.target.variant_id for each in choices.values()} - {None}
    variants = CatalogVariant.objects.of(actor).in_bulk(ids)
    return {
        image_id: values(products[choice.target.product_id], variants.get(choice.target.variant_id or 0), choice.slot)
        for image_id, choice in choices.items()
        if choice.target.product_id in products
    }


def values(product: CatalogProduct, variant: CatalogVariant | None, slot: str) -> Values:
    asin = product.handle if product.connection.marketplace.startswith("amazon") else ""
    return {
        "sku": (variant.sku if variant else "") or product.sku,
        "barcode": (variant.barcode if variant else "") or product.barcode,
        "handle": product.handle,
        "asin": asin,
        "slot": amazon_slot(slot),
        "n": number_of(slot),
    }


def by_name_alone(images: Sequence[JobImage]) -> dict[uuid.UUID, Values]:
    """What the photos' own names say, where no shop is asked: an ASIN counts as one by its form."""
    found: dict[uuid.UUID, Values] = {}
    for image in images:
        read = readings(image.name)
        asin = next((each for each in read if each.kind is Kind.ASIN and each.slot), None)
        numbered = next((each for each in read if each.kind is Kind.SKU and not each.whole and each.slot), None)
        whole = next((each for each in read if each.kind is Kind.SKU and each.whole), None)
        if chosen := asin or numbered or whole:
            slot = chosen.slot or MAIN
            key = chosen.key.upper() if asin else chosen.key
            found[image.pk] = {
                "sku": chosen.key, "barcode": chosen.key, "handle": chosen.key, "asin": key if asin else "",
                "slot": amazon_slot(slot), "n": number_of(slot),
            }  # fmt: skip
    return found
