"""Products of a shop, as a sync has left them, and finished images with a verdict: what publishing begins with."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils import timezone

from accounts.access.actor import Actor
from integrations.matching.keys import loose
from integrations.models import CatalogImage, CatalogProduct, CatalogVariant, Connection
from integrations.models.connection import sealed
from processing.compliance import profiles
from processing.models import Asset, JobImage
from tests.support.finished import Photo, job_of
from tests.support.woocommerce_images import PASSWORD, USER
from tests.support.woocommerce_peer import KEY, SECRET


def shop_of(
    actor: Actor, *, name: str = "Pottery", address: str = "http://localhost:9", shared: bool = True
) -> Connection:
    """A connected WooCommerce shop that nobody has asked: with the `address` of a peer it can be."""
    return Connection.unscoped.create(
        organization=actor.organization,
        marketplace="woocommerce",
        name=name,
        address=address,
        credentials=sealed({"consumer_key": KEY, "consumer_secret": SECRET, "wp_user": USER, "wp_password": PASSWORD}),
        masked="ck_…a1a1",
        shared=shared,
        calls_per_minute=6000,
        checked_at=timezone.now(),
        maker=actor.user,
    )


def product_of(
    row: Connection, remote_id: str = "1", *, title: str = "Blue mug", sku: str = "", images: int = 1, variants: int = 0
) -> CatalogProduct:
    sku = sku or f"SKU-{remote_id}"
    product = CatalogProduct.unscoped.create(
        organization_id=row.organization_id, connection=row, remote_id=remote_id, title=title, sku=sku,
        sku_key=loose(sku),
        status="publish", url=f"https://shop.example.com/{remote_id}", words=f"{title} {sku}".lower(),
        image_count=images, variant_count=variants, seen_in=uuid.uuid4(),
    )  # fmt: skip
    for position in range(images):
        CatalogImage.unscoped.create(
            organization_id=row.organization_id, product=product, remote_id=f"{remote_id}0{position}",
            position=position, url=f"https://shop.example.com/{remote_id}-{position}.jpg", alt=f"View {position}",
        )  # fmt: skip
    for position in range(variants):
        CatalogVariant.unscoped.create(
            organization_id=row.organization_id, product=product, remote_id=f"{remote_id}00{position}",
            title=f"Size {position}", sku=f"{sku}-{position}",
            sku_key=loose(f"{sku}-{position}"), position=position,
        )  # fmt: skip
    return product


def output_of(actor: Actor, *, name: str = "cup.jpg", seed: int = 0) -> Asset:
    """A finished image of the library."""
    image = job_of(actor, Photo(name=name, seed=seed)).images.get()
    assert image.output is not None
    return image.output


def judge(asset: Asset, verdict: str, *, marketplace: str = "woocommerce", slot: str = "main") -> None:
    """As if the worker had looked at it: `fail` and `warn` with one finding."""
    key, profile = f"{marketplace}/{slot}", profiles.find(marketplace, slot)
    finding: dict[str, Any] = {
        "rule": "size", "key": "size", "title": "Size", "status": verdict,
        "severity": "required" if verdict == "fail" else "recommended", "measured": "60 × 60 px",
        "wanted": "at least 800 px", "detail": "The image is too small.", "source": "A test", "checkedOn": None,
        "fix": None, "region": None, "confidence": None, "values": {},
    }  # fmt: skip
    one = {
        "title": profile.title, "marketplace": marketplace, "slot": slot, "profileVersion": profile.version,
        "findings": [finding], "plan": {"steps": [], "cannot": [], "notes": []}, "unchecked": [],
    }  # fmt: skip
    report = {
        "asOf": timezone.localdate().isoformat(), "sha256": asset.blob.sha256, "width": 60, "height": 60,
        "reports": {key: one},
    }  # fmt: skip
    JobImage.unscoped.filter(output=asset).update(
        verdict=verdict, judged_by=key, judged_version=profile.version, report=report
    )
