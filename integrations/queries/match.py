"""Files matched to products of a connection by what they are called, with one query for each kind of key."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import partial

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import InvalidInput
from integrations.matching.keys import Kind, barcodes, loose
from integrations.matching.match import Matched, Target, Wish, match
from integrations.matching.slots import number_of
from integrations.matching.table import Row
from integrations.matching.templates import TEMPLATES, Reading, readings
from integrations.models import CatalogProduct, CatalogVariant, Connection
from integrations.publishing import MAIN, Capabilities

MOST = 1000
_LONGEST_KEY = 200
_Found = dict[tuple[Kind, str], list[Target]]


def wishes_of(names: Iterable[tuple[str, uuid.UUID | None]], *, templates: Sequence[str] = TEMPLATES) -> list[Wish]:
    """One wish for each name, with the image of that name where there is one."""
    return [
        Wish(number, name, readings(name, templates), image_id)
        for number, (name, image_id) in enumerate(names, start=1)
    ]


def wishes_of_table(
    rows: Iterable[tuple[Row, uuid.UUID | None]], *, templates: Sequence[str] = TEMPLATES
) -> list[Wish]:
    """A line's own key and slot go before what the file's name says."""
    found: list[Wish] = []
    for number, (row, image_id) in enumerate(rows, start=1):
        if row.kind is not None:
            read = [Reading(row.kind, row.key, row.slot, whole=True)]
        else:
            read = readings(row.file, templates)
            if row.slot is not None:
                read = [Reading(each.kind, each.key, row.slot, each.whole) for each in read]
        found.append(Wish(number, row.file, read, image_id, row.line))
    return found


def match_products(
    actor: Actor, *, connection: Connection, wishes: Sequence[Wish], able: Capabilities | None = None
) -> Matched:
    """Raises InvalidInput for more than 1,000 wishes. `able`: what the marketplace takes, where that is known."""
    actor.require(Permission.CATALOG_READ)
    if len(wishes) > MOST:
        raise InvalidInput(gettext("Match at most {most:,} files at once.").format(most=MOST), field="names")
    asked: defaultdict[Kind, set[str]] = defaultdict(set)
    for wish in wishes:
        for reading in wish.readings:
            asked[reading.kind].add(reading.key)
    found: _Found = defaultdict(list)
    _by_sku(actor, connection, asked[Kind.SKU], found)
    _by_barcode(actor, connection, asked[Kind.BARCODE], found)
    _by_handle(actor, connection, asked[Kind.HANDLE], asked[Kind.ASIN], found)
    return match(wishes, found, partial(_why_not, able))


def _why_not(able: Capabilities | None, target: Target, slot: str) -> str:
    if target.variant_id is not None and slot != MAIN and slot.isdecimal():
        return "A variant has one image; further ones belong to its product."
    if able is None:
        return ""
    if target.variant_id is not None and not able.variant_images:
        return "Variants have no images of their own in this shop."
    if slot.isdecimal() and int(slot) > able.places:
        return f"There is no image {number_of(slot)}: this shop takes at most {able.places} images of a product."
    if slot != MAIN and not slot.isdecimal() and slot not in able.extra_slots:
        return f"This shop has no image called “{slot}”."
    return ""


def _by_sku(actor: Actor, connection: Connection, keys: set[str], found: _Found) -> None:
    wanted = {loose(key)[:_LONGEST_KEY] for key in keys} - {""}
    if not wanted:
        return
    for row in _products(actor, connection).filter(sku_key__in=wanted).exclude(sku_key=""):
        found[Kind.SKU, loose(row.sku)].append(_of_product(row, row.sku))
    for variant in _variants(actor, connection).filter(sku_key__in=wanted).exclude(sku_key=""):
        found[Kind.SKU, loose(variant.sku)].append(_of_variant(variant, variant.sku))


def _by_barcode(actor: Actor, connection: Connection, keys: set[str], found: _Found) -> None:
    spelled: defaultdict[str, set[str]] = defaultdict(set)
    for key in keys:
        spelled[key.strip().lstrip("0")].add(loose(key))
    forms = {form for key in keys for form in barcodes(key)}
    if not forms:
        return
    rows = _products(actor, connection).filter(barcode__in=forms).exclude(barcode="")
    variants = _variants(actor, connection).filter(barcode__in=forms).exclude(barcode="")
    targets = [(row.barcode, _of_product(row, row.barcode)) for row in rows]
    targets += [(variant.barcode, _of_variant(variant, variant.barcode)) for variant in variants]
    for barcode, target in targets:
        for key in spelled[barcode.lstrip("0")]:
            found[Kind.BARCODE, key].append(target)


def _by_handle(actor: Actor, connection: Connection, handles: set[str], asins: set[str], found: _Found) -> None:
    wanted = {key.strip().lower() for key in handles | asins}
    if not wanted:
        return
    of_asin = {key.strip().lower() for key in asins}
    of_handle = {key.strip().lower() for key in handles}
    rows = _products(actor, connection).annotate(lowered=Lower("handle")).filter(lowered__in=wanted)
    for row in rows.exclude(handle=""):
        for kind, given in ((Kind.HANDLE, of_handle), (Kind.ASIN, of_asin)):
            if row.handle.lower() in given:
                found[kind, loose(row.handle)].append(_of_product(row, row.handle))


def _products(actor: Actor, connection: Connection) -> QuerySet[CatalogProduct]:
    fields = ("remote_id", "title", "sku", "barcode", "handle", "image_count")
    return CatalogProduct.objects.of(actor).filter(connection=connection).only(*fields).order_by("pk")


def _variants(actor: Actor, connection: Connection) -> QuerySet[CatalogVariant]:
    # The organization is in the index; the connection is the product's.
    found = CatalogVariant.objects.of(actor).filter(product__connection=connection).select_related("product")
    fields = ("remote_id", "title", "sku", "barcode")
    of_product = (
        "product__remote_id",
        "product__title",
        "product__sku",
        "product__variant_count",
        "product__image_count",
    )
    return found.only(*fields, *of_product).order_by("pk")


def _of_product(row: CatalogProduct, key: str) -> Target:
    return Target(row.pk, row.remote_id, None, "", row.title, key, row.sku, row.image_count)


def _of_variant(row: CatalogVariant, key: str) -> Target:
    product = row.product
    if product.variant_count == 1:
        # The only variant is the product itself: its images are the product's.
        return Target(
            product.pk, product.remote_id, None, "", product.title, key, row.sku or product.sku, product.image_count
        )
    title = f"{product.title} · {row.title}" if row.title else product.title
    return Target(product.pk, product.remote_id, row.pk, row.remote_id, title, key, row.sku, product.image_count)
