"""A synced catalog for tests, without a shop behind it."""

from __future__ import annotations

import uuid

from accounts.access.actor import Actor
from integrations.actions.catalog_rows import Reading, store
from integrations.base import RemoteImage, RemoteProduct, RemoteVariant
from integrations.models import CatalogSync, Connection
from integrations.models.connection import sealed

# Addresses that are refused at once: no test waits for a name to be resolved.
NINE = tuple(f"http://127.0.0.1:9/{number}.jpg" for number in range(9))


def product(
    number: int,
    sku: str = "",
    *variants: RemoteVariant,
    barcode: str = "",
    handle: str = "",
    title: str = "",
    status: str = "publish",
    images: tuple[str, ...] = (),
) -> RemoteProduct:
    """`images`: the addresses of its images."""
    return RemoteProduct(
        str(number),
        title or f"Product {number}",
        sku,
        status,
        f"https://shop.example/{number}",
        tuple(RemoteImage(f"{number}-{at}", at, url, f"View {at}") for at, url in enumerate(images)),
        variants,
        barcode,
        handle,
    )


def variant(number: int, sku: str = "", barcode: str = "", image: str = "") -> RemoteVariant:
    shown = RemoteImage(f"v{number}", 0, image) if image else None
    return RemoteVariant(str(number), f"Red {number}", sku, 0, shown, barcode=barcode)


def stocked(
    actor: Actor, *products: RemoteProduct, shared: bool = True, name: str = "Pottery", marketplace: str = "woocommerce"
) -> Connection:
    """A connection whose sync has read these products."""
    row = Connection.unscoped.create(
        organization=actor.organization, marketplace=marketplace, name=name, address=f"https://{uuid.uuid4()}.example",
        credentials=sealed({"consumer_key": "ck_x", "consumer_secret": "cs_x"}), masked="ck_…x", shared=shared,
        maker=actor.user,
    )  # fmt: skip
    sync = CatalogSync.unscoped.create(organization=actor.organization, connection=row)
    store(Reading.of(sync), products)
    return row
