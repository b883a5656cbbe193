"""Publications to Shopify as workers make them: whole, followed, put back, and no other product touched."""

from __future__ import annotations

import pytest
from django.utils import timezone

from integrations.actions.connection_settings import Wanted as Connect
from integrations.actions.connections import connect
from integrations.actions.publish import Wanted, publish, revert
from integrations.actions.publishing.turn import work
from integrations.actions.sync import start
from integrations.models import CatalogImage, Connection, Publication
from processing.actions.assets import save_upload
from processing.models import Asset
from tests.support.cast import Cast
from tests.support.photos import product_photo
from tests.support.shopify_peer import TOKEN, Shop
from tests.support.shops import turns

pytestmark = pytest.mark.django_db
ONE, TWO = "gid://shopify/Product/1", "gid://shopify/Product/2"


@pytest.fixture
def peer(peer: Shop) -> Shop:
    for number in (1, 2):
        peer.held.add(number, images=2)
    for seed, media in enumerate(peer.held.files.values()):
        media.data = product_photo(100 + seed, size=(40, 30))
    return peer


@pytest.fixture
def image(cast: Cast) -> Asset:
    return save_upload(cast.bob, data=product_photo(1, size=(80, 60)), name="mug.jpg")


def connected(cast: Cast, peer: Shop) -> Connection:
    wanted = Connect(name="", address=peer.address, credentials={"access_token": TOKEN}, calls_per_minute=6000)
    row = connect(cast.bob, marketplace="shopify", wanted=wanted)
    turns(start(cast.bob, connection_id=row.pk))
    return row


def ended(row: Publication) -> Publication:
    for _ in range(20):
        Publication.unscoped.filter(pk=row.pk).update(not_before=timezone.now())
        work(row.pk)
        row.refresh_from_db()
        if not row.open:
            break
    return row


def published(cast: Cast, row: Connection, image: Asset, product: str = ONE) -> Publication:
    wanted = Wanted(image_id=image.pk, connection_id=row.pk, product=product, override_reason="a test")
    return ended(publish(cast.bob, wanted=wanted))


def test_an_image_goes_out_is_followed_and_comes_back(cast: Cast, peer: Shop, image: Asset) -> None:
    row = connected(cast, peer)
    media = peer.held.files[peer.held.products[ONE].media[0]]
    old = media.data
    made = published(cast, row, image)
    assert (made.status, made.remote_id, made.issues) == ("confirmed", media.id, [])
    assert made.remote_url == f"{peer.address}/products/product-1"
    assert media.data == product_photo(1, size=(80, 60))
    shown = CatalogImage.unscoped.get(product__remote_id=ONE, variant="", position=0)
    assert (shown.remote_id, shown.url) == (media.id, peer.held.url(media))
    assert ended(revert(cast.bob, publication_id=made.pk)).status == "reverted"
    assert media.data == old
    assert len(peer.held.files) == 4


def test_a_file_that_the_catalog_shows_elsewhere_stays_there(cast: Cast, peer: Shop, image: Asset) -> None:
    one, two = peer.held.products[ONE], peer.held.products[TWO]
    two.media[1] = one.media[0]
    row = connected(cast, peer)
    shared = peer.held.files[one.media[0]]
    old = shared.data
    made = published(cast, row, image)
    assert made.status == "confirmed"
    assert made.before is not None
    assert made.before["shared_with"] == 1
    assert (shared.data, two.media[1]) == (old, shared.id)
    assert peer.held.files[one.media[0]].data == product_photo(1, size=(80, 60))
    assert ended(revert(cast.bob, publication_id=made.pk)).status == "reverted"
    assert one.media[0] == shared.id
    assert len(one.media) == 2


def test_the_same_image_twice_is_sent_once_unless_somebody_has_changed_it(cast: Cast, peer: Shop, image: Asset) -> None:
    row = connected(cast, peer)
    media = peer.held.files[peer.held.products[ONE].media[0]]
    published(cast, row, image)
    peer.calls.clear()
    again = published(cast, row, image)
    assert again.status == "confirmed"
    assert "already" in again.note
    assert "UpdateFile" not in peer.names()
    media.data, media.version = product_photo(55, size=(40, 30)), media.version + 1
    assert published(cast, row, image).status == "confirmed"
    assert media.data == product_photo(1, size=(80, 60))


def test_an_image_that_shopify_refuses_is_rejected_in_words(cast: Cast, peer: Shop, image: Asset) -> None:
    row = connected(cast, peer)
    peer.held.next_error = "INVALID_IMAGE_RESOLUTION"
    made = published(cast, row, image)
    assert made.status == "rejected"
    assert "too many pixels" in made.issues[0]["detail"]


def test_a_lost_answer_is_waited_for_and_adds_nothing(cast: Cast, peer: Shop, image: Asset) -> None:
    row = connected(cast, peer)
    peer.swallow = {"UpdateFile"}
    made = published(cast, row, image)
    assert made.status == "confirmed"
    assert peer.names().count("UpdateFile") == 1
    assert len(peer.held.files) == 4
