"""Publishing to Shopify: the contract of all publishers, files in place and in another's, shared and refused ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from integrations.base import Account, Exchange, MarketplaceError
from integrations.publishing import Outcome, Picture, Place, Sent, Shown
from integrations.registry import find
from tests.integrations.publishing_contract import PublishingContract, Remembered
from tests.support import shopify_peer as peers
from tests.support.picture_host import PictureHost
from tests.support.shopify_peer import TOKEN, Shop, shop
from tests.support.shopify_shop import FAILED, Media, Product

FAULTS = {
    "throttled": peers.throttled(),
    "error": peers.page(503),
    "half": peers.half(),
    "broken off": peers.broken_off(),
}
SHOPIFY = find("shopify")


@pytest.fixture
def peer(settings: Settings) -> Iterator[Shop]:
    settings.OUTBOUND_ALLOWED_HOSTS = ["localhost"]
    with shop() as running:
        yield running


def in_place(peer: Shop, place: Place) -> Media | None:
    product = peer.held.products[place.product]
    if place.variant:
        shown = next(each.media for each in product.variants if each.id == place.variant)
        return peer.held.files[shown] if shown else None
    assert place.position is not None
    found = product.media[place.position : place.position + 1]
    return peer.held.files[found[0]] if found else None


class TestShopifyPublishing(PublishingContract):
    key = "shopify"
    transient = tuple(FAULTS)

    def account(self, peer: Shop) -> Account:
        return SHOPIFY.account(peer.address, {"access_token": TOKEN})

    def fill(self, peer: Shop, count: int) -> None:
        for number in range(1, count + 1):
            peer.held.add(number, images=2, variants=3 if number == 1 else 0)

    def product(self, peer: Shop) -> str:
        return "gid://shopify/Product/1"

    def variant(self, peer: Shop) -> str:
        return "gid://shopify/ProductVariant/1000"

    def customers_see(self, peer: Shop, place: Place) -> bytes | None:
        found = in_place(peer, place)
        return found.data if found else None

    def texts(self, peer: Shop, place: Place) -> tuple[str, str]:
        found = in_place(peer, place)
        return (found.alt if found else "", "")

    def everything_else(self, peer: Shop, place: Place) -> Any:
        return everything(peer, except_for=in_place(peer, place))

    def somebody_puts(self, peer: Shop, place: Place, data: bytes) -> None:
        found = in_place(peer, place)
        assert found
        found.data, found.version = data, found.version + 1

    def remove(self, peer: Shop, remote_id: str) -> None:
        del peer.held.products[remote_id]

    def fail(self, peer: Shop, how: str) -> None:
        peer.faults.append(FAULTS[how])

    def lose_answer(self, peer: Shop) -> None:
        peer.swallow = {"UpdateFile", "AddMedia"}

    def time_passes(self, peer: Shop) -> None:
        for _ in range(3):
            peer.held.tick()


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


MAIN = Place("gid://shopify/Product/1")
SECOND = replace(MAIN, slot="2")
VARIANT = replace(MAIN, variant="gid://shopify/ProductVariant/1000")


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


NOTHING = Picture("none", "", "none.jpg", "image/jpeg", "", lambda: b"")


def png(pictures: PictureHost, number: int) -> Picture:
    return replace(pictures.picture(number), media_type="image/png", filename="Mug, front.png")


def filled(peer: Shop, **other: Any) -> Product:
    peer.held.add(2, images=1)
    return peer.held.add(1, **{"images": 3, "variants": 3, **other})


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


@pytest.mark.parametrize("lost", ["AddMedia", "Reorder", "UpdateFile", "DetachFromVariants", "AppendToVariants"])
def test_every_lost_answer_is_made_up_for(peer: Shop, pictures: PictureHost, lost: str) -> None:
    product = filled(peer)
    old = in_place(peer, SECOND)
    assert old
    others, before, memory = (
        everything(peer, except_for=old),
        SHOPIFY.publisher.shown(account(peer), SECOND),
        Remembered(),
    )

    def went_on(step: Any) -> None:
        peer.swallow = {lost}
        with pytest.raises(MarketplaceError) as failed:
            step()
        assert not failed.value.permanent
        for _ in range(3):
            peer.held.tick()

    picture = png(pictures, 1)
    went_on(lambda: publish(peer, SECOND, picture, memory, before))
    assert publish(peer, SECOND, picture, memory, before).outcome == Outcome.CONFIRMED
    new = in_place(peer, SECOND)
    assert new
    assert new.data == picture.read()
    assert everything(peer, except_for=new) == others
    if lost != "AddMedia":
        went_on(lambda: put_back(peer, SECOND, before, None, memory))
    assert put_back(peer, SECOND, before, None, memory).outcome == Outcome.CONFIRMED
    assert product.media[1] == old.id
    assert everything(peer, except_for=old) == others


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


@pytest.mark.parametrize("kind", ["jpg", "png"])
def test_an_image_that_shopify_cannot_take_is_rejected_in_words(peer: Shop, pictures: PictureHost, kind: str) -> None:
    product = filled(peer)
    media, others = list(product.media), everything(peer)
    peer.held.next_error = "INVALID_IMAGE_RESOLUTION"
    sent = publish(peer, MAIN, pictures.picture(1) if kind == "jpg" else png(pictures, 1), Remembered())
    assert sent.outcome == Outcome.REJECTED
    assert [issue.code for issue in sent.issues] == ["invalid_image_resolution"]
    assert "too many pixels" in sent.issues[0].detail
    assert (product.media, everything(peer)) == (media, others)
    assert len(peer.held.files) == 4


def test_a_full_product_takes_no_more_and_nothing_is_left_over(peer: Shop, pictures: PictureHost) -> None:
    product = filled(peer, images=250)
    memory = Remembered()
    before = SHOPIFY.publisher.shown(account(peer), MAIN)
    sent = publish(peer, MAIN, png(pictures, 1), memory)
    assert sent.outcome == Outcome.REJECTED
    assert "250" in sent.issues[0].detail
    assert len(product.media) == 250
    assert before.image
    assert product.media[0] == before.image.remote_id


def test_a_gallery_that_was_changed_before_the_first_try_is_left_alone(peer: Shop, pictures: PictureHost) -> None:
    product = filled(peer)
    before = SHOPIFY.publisher.shown(account(peer), MAIN)
    product.media.reverse()
    others = everything(peer)
    sent = publish(peer, MAIN, pictures.picture(1), Remembered(), before)
    assert (sent.outcome, sent.issues[0].code) == (Outcome.REJECTED, "changed_since")
    assert everything(peer) == others


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


def test_nothing_was_sent_so_nothing_is_undone(peer: Shop) -> None:
    filled(peer)
    before, others = SHOPIFY.publisher.shown(account(peer), MAIN), everything(peer)
    assert put_back(peer, MAIN, before, None, Remembered()).outcome == Outcome.CONFIRMED
    assert everything(peer) == others
    assert not set(peer.names()) - {"Gallery", "Variant", "File"}


def test_what_shopify_could_not_process_takes_no_place(peer: Shop) -> None:
    product = filled(peer)
    peer.held.files[product.media[0]].status = FAILED
    found = SHOPIFY.publisher.shown(account(peer), MAIN)
    assert [each.remote_id for each in found.gallery] == product.media[1:]
    assert found.image == found.gallery[0]


def test_an_upload_that_has_ended_is_sent_again(peer: Shop, pictures: PictureHost) -> None:
    product = filled(peer)
    memory, picture = Remembered(), pictures.picture(1)
    before = SHOPIFY.publisher.shown(account(peer), MAIN)
    memory.keep({"source": f"{peer.address}/staged/long-gone.jpg"})
    with pytest.raises(MarketplaceError) as ended:
        publish(peer, MAIN, picture, memory, before)
    assert not ended.value.permanent
    assert publish(peer, MAIN, picture, memory, before).outcome == Outcome.CONFIRMED
    assert peer.held.files[product.media[0]].data == picture.read()


def test_no_permission_of_an_upload_reaches_the_log(peer: Shop, pictures: PictureHost) -> None:
    filled(peer)
    told: list[Exchange] = []
    logged = replace(account(peer), after_call=told.append)
    before = SHOPIFY.publisher.shown(logged, MAIN)
    SHOPIFY.publisher.publish(logged, MAIN, pictures.picture(1), before, Remembered())
    text = str(told)
    assert "UpdateFile" in text
    assert "not-for-the-log" not in text
    assert TOKEN not in text
