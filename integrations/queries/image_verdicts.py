"""Images of shops and what they come to by the rules of their marketplace."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from integrations import registry
from integrations.models import CatalogImage, CatalogProduct, ImageVerdict
from integrations.publishing import MAIN
from integrations.queries.verdicts import rules_key

_WORST = ("fail", "", "warn", "pass")


def address_key(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()


@lru_cache(maxsize=64)
def rules_of(marketplace: str, *, main: bool) -> str:
    """The key of the profile for a main image, or for any other; empty where the marketplace has no rules for it."""
    return rules_key(registry.find(marketplace), MAIN if main else "2")


def rules_for(marketplace: str, image: CatalogImage) -> str:
    """A variant's image is shown as its main one."""
    return rules_of(marketplace, main=image.position == 0)


def verdicts_of(actor: Actor, product: CatalogProduct, images: Sequence[CatalogImage]) -> dict[int, ImageVerdict]:
    """By the image's row: what is known of it, or that it waits."""
    actor.require(Permission.CATALOG_READ)
    rows = ImageVerdict.objects.of(actor).filter(connection=product.connection_id)
    found = {(row.key, row.rules): row for row in rows.filter(key__in={address_key(image.url) for image in images})}
    pairs = ((image, (address_key(image.url), rules_for(product.connection.marketplace, image))) for image in images)
    return {image.pk: found[pair] for image, pair in pairs if pair in found}


def main_verdicts(actor: Actor, products: Sequence[CatalogProduct]) -> dict[Any, ImageVerdict]:
    """By the product's id: of its main image. `main_images` of each is loaded."""
    actor.require(Permission.CATALOG_READ)
    keys = {row.pk: address_key(image.url) for row in products for image in row.main_images}  # type: ignore[attr-defined]
    rows = ImageVerdict.objects.of(actor).filter(connection__in={row.connection_id for row in products})
    found = {(row.connection_id, row.key, row.rules): row for row in rows.filter(key__in=set(keys.values()))}
    wanted = (
        (row, (row.connection_id, keys[row.pk], rules_of(row.connection.marketplace, main=True)))
        for row in products
        if row.pk in keys
    )
    return {row.pk: found[one] for row, one in wanted if one in found}


def states_of(products: Iterable[CatalogProduct]) -> Iterator[tuple[CatalogProduct, str]]:
    """Of each product what its images come to together, as it is stored with it. In three queries."""
    rows = {row.pk: row for row in products}
    images = list(CatalogImage.unscoped.filter(product__in=list(rows)))
    known: dict[tuple[object, str, str], str] = {}
    of_shop: defaultdict[Any, set[str]] = defaultdict(set)
    for image in images:
        of_shop[rows[image.product_id].connection_id].add(address_key(image.url))
    for connection_id, keys in of_shop.items():
        verdicts = ImageVerdict.unscoped.filter(connection=connection_id, key__in=keys)
        known |= {
            (connection_id, key, rules): verdict
            for key, rules, verdict in verdicts.values_list("key", "rules", "verdict")
        }
    states: defaultdict[Any, set[str]] = defaultdict(set)
    for image in images:
        row = rows[image.product_id]
        if rules := rules_for(row.connection.marketplace, image):
            states[row.pk].add(known.get((row.connection_id, address_key(image.url), rules), ""))
    for row in rows.values():
        yield row, next((each for each in _WORST if each in states[row.pk]), "")
