"""Which file an image takes, and where: the same one, one in its place, a variant's own; and back again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from integrations.publishing import Outcome, Place
from integrations.registry import find
from tests.integrations.publishing_contract import Remembered
from tests.support.picture_host import PictureHost
from tests.support.shopify_peer import Shop
from tests.support.shopify_publishing import (
    MAIN,
    SECOND,
    VARIANT,
    account,
    everything,
    filled,
    in_place,
    png,
    publish,
    put_back,
)

SHOPIFY = find("shopify")


def test_the_same_format_stays_the_same_file(peer: Shop, pictures: PictureHost) -> None:
    product = filled(peer)
    media, address = list(product.media), peer.held.url(peer.held.files[product.media[0]])
    sent = publish(peer, MAIN, pictures.picture(1), Remembered())
    assert (sent.outcome, product.media) == (Outcome.CONFIRMED, media)
    assert sent.image
    assert (sent.image.remote_id, sent.image.url.partition("?")[0]) == (media[0], address.partition("?")[0])
    assert sent.url == f"{peer.address}/products/product-1"
    assert peer.names().count("AddMedia") == 0


@pytest.mark.parametrize("place", [MAIN, SECOND, VARIANT], ids=["main", "second", "variant"])
def test_another_format_is_another_file_in_the_same_place(peer: Shop, pictures: PictureHost, place: Place) -> None:
    product = filled(peer)
    old = in_place(peer, place)
    assert old
    position = product.media.index(old.id)
    others, before, memory = (
        everything(peer, except_for=old),
        SHOPIFY.publisher.shown(account(peer), place),
        Remembered(),
    )
    picture = png(pictures, 1)
    assert publish(peer, place, picture, memory).outcome == Outcome.CONFIRMED
    new = peer.held.files[product.media[position]]
    assert (new.data, new.alt, new.mime) == (picture.read(), old.alt, "image/png")
    assert new.filename.startswith("mug-front-")
    assert everything(peer, except_for=new) == others
    assert old.id in peer.held.files
    assert put_back(peer, place, before, None, memory).outcome == Outcome.CONFIRMED
    assert product.media[position] == old.id
    assert everything(peer, except_for=old) == others
    assert new.id not in product.media


def test_a_variant_that_shows_the_main_image_gets_one_of_its_own(peer: Shop, pictures: PictureHost) -> None:
    product = filled(peer, images=1)
    peer.held.files[product.media[0]].alt = "The mug"
    before, memory, others = SHOPIFY.publisher.shown(account(peer), VARIANT), Remembered(), everything(peer)
    main, picture = product.media[0], pictures.picture(2)
    assert before.image
    assert before.image.remote_id == main
    assert publish(peer, VARIANT, picture, memory).outcome == Outcome.CONFIRMED
    assert (product.media[0], len(product.media)) == (main, 2)
    new = in_place(peer, VARIANT)
    assert new
    assert (new.data, new.alt) == (picture.read(), "The mug")
    assert put_back(peer, VARIANT, before, None, memory).outcome == Outcome.CONFIRMED
    assert everything(peer) == others


def test_a_variant_without_an_image_gets_one_and_loses_it_again(peer: Shop, pictures: PictureHost) -> None:
    filled(peer)
    place = replace(MAIN, variant="gid://shopify/ProductVariant/1001")
    before, memory, others = SHOPIFY.publisher.shown(account(peer), place), Remembered(), everything(peer)
    assert before.image is None
    picture = pictures.picture(2)
    assert publish(peer, place, picture, memory).outcome == Outcome.CONFIRMED
    new = in_place(peer, place)
    assert new
    assert new.data == picture.read()
    assert put_back(peer, place, before, None, memory).outcome == Outcome.CONFIRMED
    assert everything(peer) == others


def test_a_file_that_other_products_show_is_left_to_them(peer: Shop, pictures: PictureHost) -> None:
    product = filled(peer)
    other = peer.held.products["gid://shopify/Product/2"]
    other.media.insert(0, product.media[0])
    shared = peer.held.files[product.media[0]]
    before = replace(SHOPIFY.publisher.shown(account(peer), MAIN), shared_with=1)
    old, memory, picture = shared.data, Remembered(), pictures.picture(3)
    assert publish(peer, MAIN, picture, memory, before).outcome == Outcome.CONFIRMED
    assert (shared.data, other.media[0]) == (old, shared.id)
    assert peer.held.files[product.media[0]].data == picture.read()
    assert put_back(peer, MAIN, before, None, memory).outcome == Outcome.CONFIRMED
    assert product.media[0] == other.media[0] == shared.id


def test_a_video_keeps_its_place(peer: Shop, pictures: PictureHost) -> None:
    product = filled(peer)
    peer.held.files[product.media[0]].kind = "Video"
    old = product.media[1]
    memory = Remembered()
    before = SHOPIFY.publisher.shown(account(peer), MAIN)
    assert before.image
    assert before.image.remote_id == old
    assert publish(peer, MAIN, png(pictures, 1), memory).outcome == Outcome.CONFIRMED
    assert peer.held.files[product.media[0]].kind == "Video"
    assert peer.held.files[product.media[1]].mime == "image/png"
    assert put_back(peer, MAIN, before, None, memory).outcome == Outcome.CONFIRMED
    assert product.media[1] == old


def test_an_old_file_that_was_deleted_comes_back_from_our_copy(peer: Shop, pictures: PictureHost) -> None:
    product = filled(peer)
    before, memory = SHOPIFY.publisher.shown(account(peer), MAIN), Remembered()
    old = peer.held.files[product.media[0]]
    assert publish(peer, MAIN, png(pictures, 1), memory).outcome == Outcome.CONFIRMED
    del peer.held.files[old.id]
    refused = put_back(peer, MAIN, before, None, memory)
    assert (refused.outcome, refused.issues[0].code) == (Outcome.REJECTED, "no_copy")
    kept = replace(pictures.picture(9), key="kept", read=lambda: old.data)
    assert put_back(peer, MAIN, before, kept, memory).outcome == Outcome.CONFIRMED
    back = peer.held.files[product.media[0]]
    assert (back.data, back.alt, len(product.media)) == (old.data, old.alt, 3)


def test_a_file_whose_bytes_cannot_be_changed_is_replaced(peer: Shop, pictures: PictureHost) -> None:
    product = filled(peer)
    old = peer.held.files[product.media[0]]
    old.filename = "1-0.png"  # a JPEG by another name: Shopify looks at the ending
    picture = pictures.picture(1)
    assert publish(peer, MAIN, picture, Remembered()).outcome == Outcome.CONFIRMED
    assert peer.held.files[product.media[0]].data == picture.read()
    assert len(product.media) == 3
