"""The shapes of the answers about connected shops and their products."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Literal, cast

from pydantic import Field

from dashboard.api.answers import Answer
from integrations.models import CatalogImage, CatalogProduct, CatalogSync, CatalogVariant, Connection


class ConnectedShop(Answer):
    connection_id: uuid.UUID = Field(description="Names the shop in further calls.")
    marketplace: str = Field(description="What kind of shop it is.", examples=["woocommerce"])
    name: str = Field(description="What its people call it.", examples=["Northwind outlet"])
    address: str = Field(description="Where it is.", examples=["https://shop.example.com"])
    status: Literal["connected", "broken"] = Field(
        description="A broken one does not let us in; `problem` says why.", examples=["connected"]
    )
    problem: str | None = Field(description="What is wrong and what to do; null while it works.", examples=[None])
    shared: bool = Field(description="Whether everybody in the organization may use it.", examples=[True])
    paused: bool = Field(description="Nothing is published to it until somebody goes on.", examples=[False])
    synced_at: datetime | None = Field(description="When its catalog was last read whole; null before the first time.")


class ConnectionList(Answer):
    connections: list[ConnectedShop] = Field(description="The oldest first.")


class ProductImage(Answer):
    image_id: str = Field(description="The shop's own id of it.", examples=["1044"])
    slot: str = Field(
        description="Where it is: `main`, or a number from `2` on, counted from the main image.", examples=["main"]
    )
    url: str = Field(
        description="Where the shop shows it.", examples=["https://shop.example.com/wp-content/uploads/mug.jpg"]
    )
    alt: str = Field(description="Its alternative text in the shop.", examples=["A white mug"])


class ProductVariant(Answer):
    variant_id: str = Field(description="Take it as variantId of a publication.", examples=["512"])
    title: str = Field(description="As the shop calls it.", examples=["Blue"])
    sku: str = Field(description="Its SKU; empty where it has none.", examples=["MUG-BLUE"])
    barcode: str = Field(description="EAN, UPC or GTIN; empty where the shop tells none.", examples=["4006381333931"])
    image: ProductImage | None = Field(description="Its own image; null where it shows its product's.")


class Product(Answer):
    """A product as its shop had it at the last sync."""

    product_id: str = Field(description="Take it as productId of a publication.", examples=["98"])
    connection_id: uuid.UUID = Field(description="The shop that it is in.")
    title: str = Field(description="As the shop calls it.", examples=["Mug"])
    sku: str = Field(description="Its SKU; empty where it has none.", examples=["MUG"])
    barcode: str = Field(description="EAN, UPC or GTIN; empty where the shop tells none.", examples=["4006381333931"])
    handle: str = Field(description="The shop's short name for it: a slug, an ASIN.", examples=["mug"])
    status: str = Field(description="In the shop's own words.", examples=["publish"])
    url: str | None = Field(
        description="The listing as customers see it, where the shop tells.",
        examples=["https://shop.example.com/product/mug"],
    )
    image_verdict: Literal["pass", "warn", "fail"] | None = Field(
        description="What its images come to by the rules of its marketplace: the worst of them; null until each of "
        "them was checked.",
        examples=["pass"],
    )
    images: list[ProductImage] = Field(description="Its gallery, the main image first.")
    variants: list[ProductVariant] = Field(description="In the shop's order.")


class ProductList(Answer):
    products: list[Product] = Field(description="Newest in the catalog first.")
    next_cursor: str | None = Field(
        description="Send it as cursor for the next page; null on the last one.", examples=[None]
    )


def connected_shop(row: Connection, sync: CatalogSync | None) -> ConnectedShop:
    return ConnectedShop(
        connection_id=row.pk,
        marketplace=row.marketplace,
        name=row.name,
        address=row.address,
        status=cast('Literal["connected", "broken"]', str(row.status)),
        problem=row.problem["detail"] if row.problem else None,
        shared=row.shared,
        paused=row.paused_at is not None,
        synced_at=sync.finished_at if sync and sync.status == CatalogSync.Status.SUCCEEDED else None,
    )


def product_answer(row: CatalogProduct) -> Product:
    """`row` has its images and variants loaded."""
    images = list(row.images.all())
    of_variants = {image.variant: image for image in images if image.variant}
    return Product(
        product_id=row.remote_id,
        connection_id=row.connection_id,
        title=row.title,
        sku=row.sku,
        barcode=row.barcode,
        handle=row.handle,
        status=row.status,
        url=row.url or None,
        image_verdict=cast('Literal["pass", "warn", "fail"] | None', row.verdict or None),
        images=[_image(image) for image in images if not image.variant],
        variants=[_variant(variant, of_variants.get(variant.remote_id)) for variant in row.variants.all()],
    )


def _image(image: CatalogImage) -> ProductImage:
    slot = "main" if image.position == 0 else str(image.position + 1)
    return ProductImage(image_id=image.remote_id, slot=slot, url=image.url, alt=image.alt)


def _variant(row: CatalogVariant, image: CatalogImage | None) -> ProductVariant:
    return ProductVariant(
        variant_id=row.remote_id,
        title=row.title,
        sku=row.sku,
        barcode=row.barcode,
        image=_image(image) if image else None,
    )
