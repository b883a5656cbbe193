"""Publishing to Shopify until it has ended, without the rows around it, and what customers then see."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from integrations.base import Account
from integrations.publishing import Outcome, Picture, Place, Sent, Shown
from integrations.registry import find
from tests.integrations.publishing_contract import Remembered
from tests.support.picture_host import PictureHost
from tests.support.shopify_peer import TOKEN, Shop
from tests.support.shopify_shop import Media, Product

SHOPIFY = find("shopify")
MAIN = Place("gid://shopify/Product/1")
SECOND = replace(MAIN, slot="2")
VARIANT = replace(MAIN, variant="gid://shopify/ProductVariant/1000")
NOTHING = Picture("none", "", "none.jpg", "image/jpeg", "", lambda: b"")


def in_place(peer: Shop, place: Place) -> Media | None:
    product = peer.held.products[place.product]
    if place.variant:
        shown = next(each.media for each in product.variants if each.id == place.variant)
        return peer.held.files[shown] if shown else None
    assert place.position is not None
    found = product.media[place.position : place.position + 1]
    return peer.held.files[found[0]] if found else None


def everything(peer: Shop, *, except_for: Media | None = None) -> Any:
    """As customers see it: every gallery in order, and what each variant shows."""

    def seen(media: str) -> object:
        found = peer.held.files[media]
        return (found.data, found.alt, found.kind)

    left_out = except_for.id if except_for else ""
    return [
        (
            product.title,
            [seen(each) for each in product.media if each != left_out],
            [(each.id, each.media and (each.media == left_out or seen(each.media))) for each in product.variants],
        )
        for product in peer.held.products.values()
    ]


def account(peer: Shop) -> Account:
    return SHOPIFY.account(peer.address, {"access_token": TOKEN})


def publish(peer: Shop, place: Place, picture: Picture, memory: Remembered, before: Shown | None = None) -> Sent:
    before = before or SHOPIFY.publisher.shown(account(peer), place)
    sent = SHOPIFY.publisher.publish(account(peer), place, picture, before, memory)
    for _ in range(20):
        if sent.outcome != Outcome.SUBMITTED:
            break
        sent = SHOPIFY.publisher.follow(account(peer), place, picture, memory)
    return sent


def put_back(peer: Shop, place: Place, before: Shown, kept: Picture | None, memory: Remembered) -> Sent:
    sent = SHOPIFY.publisher.restore(account(peer), place, before, kept, memory)
    for _ in range(20):
        if sent.outcome != Outcome.SUBMITTED:
            break
        sent = SHOPIFY.publisher.follow(account(peer), place, kept or NOTHING, memory)
    return sent


def png(pictures: PictureHost, number: int) -> Picture:
    return replace(pictures.picture(number), media_type="image/png", filename="Mug, front.png")


def filled(peer: Shop, **other: Any) -> Product:
    peer.held.add(2, images=1)
    return peer.held.add(1, **{"images": 3, "variants": 3, **other})
