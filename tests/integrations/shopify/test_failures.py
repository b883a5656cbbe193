"""What goes wrong on the way to Shopify: answers that are lost, images and galleries that are refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from integrations.base import Exchange, MarketplaceError
from integrations.publishing import Outcome
from integrations.registry import find
from tests.integrations.publishing_contract import Remembered
from tests.support.picture_host import PictureHost
from tests.support.shopify_peer import TOKEN, Shop
from tests.support.shopify_publishing import MAIN, SECOND, account, everything, filled, in_place, png, publish, put_back
from tests.support.shopify_shop import FAILED

SHOPIFY = find("shopify")


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
