from __future__ import annotations

from django.db import models
from django.db.models.functions import Left, Lower
from django.utils import timezone

from accounts.kit.ids import uuid7
from accounts.models.owned import Owned, OwnedManager
from integrations.models.connection import Connection

FEW_IMAGES = 3
# Titles as they are sorted: an index holds no long ones.
TITLE_KEY = Lower(Left("title", 100))


class CatalogProduct(Owned):
    """A product as its shop had it at the last sync. `seen_in`: the last sync that knows it is still there."""

    OTHER = "other"  # of `ours`: nobody has judged it

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="products")
    remote_id = models.CharField(max_length=100)
    title = models.CharField(max_length=500)
    sku = models.CharField(max_length=200)
    sku_key = models.CharField(max_length=200, blank=True)  # integrations.matching.keys.loose
    barcode = models.CharField(max_length=100, blank=True)
    handle = models.CharField(max_length=255, blank=True)  # the marketplace's own short name: a slug, an ASIN
    status = models.CharField(max_length=40)
    url = models.TextField()
    # Title, handle, SKUs and barcodes of product and variants, in lower case: what the search looks in.
    words = models.TextField()
    image_count = models.PositiveIntegerField(default=0)
    variant_count = models.PositiveIntegerField(default=0)
    # What its images come to by the rules of its marketplace: the worst of them, empty until each of them was judged.
    verdict = models.CharField(max_length=4, blank=True, default="", db_default="")
    # How the main image was judged that was last published from here; empty where none was (actions/ours.py).
    ours = models.CharField(max_length=5, blank=True, default="", db_default="")
    seen_in = models.UUIDField()
    asked_at = models.DateTimeField(default=timezone.now)  # what was asked for earlier does not overwrite it

    unscoped = models.Manager["CatalogProduct"]()
    objects = OwnedManager["CatalogProduct"]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "remote_id"], name="one_product_per_remote_id")]
        indexes = [
            models.Index(fields=["organization", "-id"], name="catalog_by_organization"),
            models.Index(fields=["connection", "seen_in"], name="catalog_by_sync"),
            models.Index(fields=["connection", "-id"], name="catalog_by_connection"),
            models.Index(
                fields=["organization", "-id"],
                condition=models.Q(image_count__lt=FEW_IMAGES),
                name="catalog_few_images",
            ),
            models.Index(fields=["connection", "sku_key"], condition=~models.Q(sku_key=""), name="catalog_by_sku"),
            models.Index(fields=["connection", "barcode"], condition=~models.Q(barcode=""), name="catalog_by_barcode"),
            # What the catalog's page sorts by, see queries/catalog.py.
            models.Index(models.F("organization"), TITLE_KEY, models.F("id"), name="catalog_by_title"),
            models.Index(fields=["organization", "sku_key", "id"], name="catalog_by_sku_key"),
            models.Index(fields=["organization", "image_count", "id"], name="catalog_by_image_count"),
            models.Index(fields=["organization", "asked_at", "id"], name="catalog_by_reading"),
            models.Index(fields=["organization", "verdict", "-id"], name="catalog_by_verdict"),
            models.Index(fields=["organization", "ours", "-id"], condition=~models.Q(ours=""), name="catalog_by_ours"),
            models.Index(
                models.F("connection"), Lower("handle"), condition=~models.Q(handle=""), name="catalog_by_handle"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CatalogVariant(Owned):
    product = models.ForeignKey(CatalogProduct, on_delete=models.CASCADE, related_name="variants")
    remote_id = models.CharField(max_length=100)
    title = models.CharField(max_length=500)
    sku = models.CharField(max_length=200)
    sku_key = models.CharField(max_length=200, blank=True)
    barcode = models.CharField(max_length=100, blank=True)
    position = models.PositiveIntegerField()

    unscoped = models.Manager["CatalogVariant"]()
    objects = OwnedManager["CatalogVariant"]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "remote_id"], name="one_variant_per_remote_id")]
        indexes = [
            models.Index(fields=["organization", "sku_key"], condition=~models.Q(sku_key=""), name="variant_by_sku"),
            models.Index(
                fields=["organization", "barcode"], condition=~models.Q(barcode=""), name="variant_by_barcode"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CatalogImage(Owned):
    """An image of a product (position 0 is the main one), or of the variant with the remote id in `variant`."""

    product = models.ForeignKey(CatalogProduct, on_delete=models.CASCADE, related_name="images")
    variant = models.CharField(max_length=100, blank=True)
    remote_id = models.CharField(max_length=100)
    position = models.PositiveIntegerField()
    url = models.TextField()
    alt = models.TextField(blank=True)
    name = models.TextField(blank=True)

    unscoped = models.Manager["CatalogImage"]()
    objects = OwnedManager["CatalogImage"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "variant", "position"], name="one_catalog_image_per_place")
        ]
        # Which products show the same file.
        indexes = [models.Index(fields=["organization", "remote_id"], name="catalog_image_by_file")]

    def __str__(self) -> str:
        return self.url
