"""Writing what a shop has answered into the catalog, a page at a time."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from integrations.actions import ours
from integrations.actions.shop_images.states import refresh_after_reading
from integrations.base import RemoteImage, RemoteProduct
from integrations.matching.keys import loose
from integrations.models import CatalogImage, CatalogProduct, CatalogSync, CatalogVariant
from integrations.publishing import Place

# What a shop tells of a product each time.
_TOLD = [
    "title",
    "sku",
    "sku_key",
    "barcode",
    "handle",
    "status",
    "url",
    "words",
    "image_count",
    "variant_count",
    "seen_in",
    "asked_at",
]
_TITLE, _SKU, _STATUS, _ID, _BARCODE, _HANDLE = 500, 200, 40, 100, 100, 255


@dataclass(frozen=True, slots=True)
class Reading:
    """One look at a shop: by which sync (or one's own id, for a single product), and when it was asked."""

    organization_id: uuid.UUID
    connection_id: uuid.UUID
    seen_in: uuid.UUID
    asked_at: datetime

    @classmethod
    def of(cls, sync: CatalogSync) -> Reading:
        """A page of a sync that is asked for now."""
        return cls(sync.organization_id, sync.connection_id, sync.pk, timezone.now())


def store(reading: Reading, products: Iterable[RemoteProduct]) -> None:
    """New ones are made, known ones overwritten; ids stay. The caller's transaction and fence hold.

    What somebody else has asked for later stays as it is: answers may be stored in another order than they were given.
    """
    remote = {each.remote_id[:_ID]: each for each in products}
    known_later = CatalogProduct.unscoped.select_for_update().filter(
        connection=reading.connection_id, remote_id__in=list(remote), asked_at__gt=reading.asked_at
    )
    if later := dict(known_later.values_list("remote_id", "pk")):
        CatalogProduct.unscoped.filter(pk__in=later.values()).update(seen_in=reading.seen_in)
        remote = {remote_id: each for remote_id, each in remote.items() if remote_id not in later}
    if not remote:
        return
    CatalogProduct.unscoped.bulk_create(
        [_product(reading, remote_id, each) for remote_id, each in remote.items()],
        update_conflicts=True,
        unique_fields=["connection", "remote_id"],
        update_fields=_TOLD,
    )
    rows = {
        row.remote_id: row
        for row in CatalogProduct.unscoped.filter(connection=reading.connection_id, remote_id__in=list(remote))
    }
    pairs = [(rows[remote_id], each) for remote_id, each in remote.items()]
    changed = _replace(
        CatalogImage.unscoped.filter(product__in=list(rows.values())),
        [row for product, each in pairs for row in _images(product, each)],
    )
    refresh_after_reading(reading.connection_id, changed)
    ours.refresh_after_reading(reading.connection_id, rows.keys())
    kept = {(product.pk, variant.remote_id[:_ID]) for product, each in pairs for variant in each.variants}
    known = CatalogVariant.unscoped.filter(product__in=list(rows.values())).values_list("pk", "product_id", "remote_id")
    stale = [pk for pk, product_id, remote_id in known if (product_id, remote_id) not in kept]
    CatalogVariant.unscoped.filter(pk__in=stale).delete()
    CatalogVariant.unscoped.bulk_create(
        [row for product, each in pairs for row in _variants(product, each)],
        update_conflicts=True,
        unique_fields=["product", "remote_id"],
        update_fields=["title", "sku", "sku_key", "barcode", "position"],
    )


def _replace(there: QuerySet[CatalogImage], wanted: list[CatalogImage]) -> set[uuid.UUID]:
    """Only what differs is written: pages name an image by its row, and its row is new when the image is.

    Which products have other images now.
    """
    known_rows = list(there.all())
    known = {_content(row): row.pk for row in known_rows}
    new = [row for row in wanted if _content(row) not in known]
    kept = {known[_content(row)] for row in wanted if _content(row) in known}
    stale = [pk for pk in known.values() if pk not in kept]
    if stale:
        CatalogImage.unscoped.filter(pk__in=stale).delete()
    if new:
        CatalogImage.unscoped.bulk_create(new)
    gone = set(stale)
    return {row.product_id for row in new} | {row.product_id for row in known_rows if row.pk in gone}


def _content(row: CatalogImage) -> tuple[object, ...]:
    return (row.product_id, row.variant, row.position, row.remote_id, row.url, row.alt, row.name)


def _product(reading: Reading, remote_id: str, each: RemoteProduct) -> CatalogProduct:
    variants = (word for variant in each.variants for word in (variant.sku, variant.barcode))
    words = " ".join(filter(None, [each.title, each.sku, each.barcode, each.handle, *variants]))
    return CatalogProduct(
        organization_id=reading.organization_id,
        connection_id=reading.connection_id,
        remote_id=remote_id,
        title=each.title[:_TITLE],
        sku=each.sku[:_SKU],
        sku_key=loose(each.sku)[:_SKU],
        barcode=each.barcode.strip()[:_BARCODE],
        handle=each.handle.strip()[:_HANDLE],
        status=each.status[:_STATUS],
        # It becomes a link: nothing but an address of the web.
        url=each.url if each.url.startswith(("http://", "https://")) else "",
        words=words.lower(),
        image_count=len(each.images),
        variant_count=len(each.variants),
        seen_in=reading.seen_in,
        asked_at=reading.asked_at,
    )


def _images(product: CatalogProduct, each: RemoteProduct) -> Iterator[CatalogImage]:
    yield from _gallery(product, each.images)
    for variant in {variant.remote_id: variant for variant in each.variants}.values():
        if variant.image:
            yield _image(product, variant.image, 0, variant.remote_id[:_ID])


def _gallery(product: CatalogProduct, images: Iterable[RemoteImage]) -> Iterator[CatalogImage]:
    """Each in its own place: on Amazon places between two images may be empty."""
    for position, image in {image.position: image for image in images}.items():
        yield _image(product, image, position, "")


def _image(product: CatalogProduct, image: RemoteImage, position: int, variant: str) -> CatalogImage:
    return CatalogImage(
        organization_id=product.organization_id,
        product=product,
        variant=variant,
        remote_id=image.remote_id[:_ID],
        position=position,
        url=image.url,
        alt=image.alt,
        name=image.name,
    )


def _variants(product: CatalogProduct, each: RemoteProduct) -> Iterator[CatalogVariant]:
    for variant in {variant.remote_id[:_ID]: variant for variant in each.variants}.values():
        yield CatalogVariant(
            organization_id=product.organization_id,
            product=product,
            remote_id=variant.remote_id[:_ID],
            title=variant.title[:_TITLE],
            sku=variant.sku[:_SKU],
            sku_key=loose(variant.sku)[:_SKU],
            barcode=variant.barcode.strip()[:_BARCODE],
            position=variant.position,
        )


def show_images(
    connection_id: uuid.UUID,
    place: Place,
    image: RemoteImage | None,
    gallery: tuple[RemoteImage, ...] | None,
    *,
    emptied: bool = False,
) -> None:
    """After a publication: the product's images as its shop has them now. `image`: that of the place, None where the
    shop did not say; `gallery` likewise. `emptied`: the place has none any more. The next sync says the same."""
    found = CatalogProduct.unscoped.select_for_update().filter(connection=connection_id, remote_id=place.product)
    product = found.first()
    if product is None:
        return
    own = CatalogImage.unscoped.filter(product=product, variant="")
    if gallery is not None:
        _replace(own, list(_gallery(product, gallery)))
    if image is not None and (place.variant or gallery is None) and place.position is not None:
        position = 0 if place.variant else min(place.position, own.count())
        CatalogImage.unscoped.filter(product=product, variant=place.variant, position=position).delete()
        _image(product, image, position, place.variant).save(force_insert=True)
    elif emptied and place.variant:
        CatalogImage.unscoped.filter(product=product, variant=place.variant).delete()
    product.image_count, product.asked_at = own.count(), timezone.now()
    product.save(update_fields=["image_count", "asked_at"])
    refresh_after_reading(connection_id, [product.pk])
