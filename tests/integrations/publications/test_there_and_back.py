"""An image goes from the queue to the shop, into the catalog, and the old one comes back."""

from __future__ import annotations

import json

import pytest

from accounts.actions.webhook_endpoints import create_endpoint
from accounts.models import WebhookEvent
from dashboard.api import openapi_webhooks
from integrations.actions.publish import Wanted, publish, revert
from integrations.actions.sync import start
from integrations.models import CatalogImage, CatalogProduct, Connection, Publication
from processing.models import Asset
from tests.support.cast import Cast
from tests.support.photos import product_photo
from tests.support.picture_host import PictureHost
from tests.support.publications import attempts, seen, worked
from tests.support.shops import turns
from tests.support.woocommerce_peer import KEY, SECRET, Shop

pytestmark = pytest.mark.django_db


def test_an_image_is_published_and_put_back(cast: Cast, peer: Shop, pictures: PictureHost, made: Publication) -> None:
    create_endpoint(cast.alice, url="https://example.com/hook", events=["publication.confirmed"])
    old = seen(peer)
    made = worked(made, pictures)
    assert (made.status, made.issues, made.lease_until) == ("confirmed", [], None)
    assert seen(peer) == product_photo()
    assert len(peer.products[1]["images"]) == 2
    assert made.remote_id == str(peer.products[1]["images"][0]["id"])
    assert made.remote_url == f"{peer.address}/product/1/"
    assert made.old_image is not None
    assert made.before is not None
    assert made.before["image"]["remote_id"] == "100"
    event = json.loads(WebhookEvent.unscoped.get().body)
    documented = openapi_webhooks._EVENTS["publication.confirmed"][2]
    assert set(event["data"]) == set(documented["properties"])
    assert event["data"]["publicationId"] == str(made.pk)
    assert event["data"]["remoteUrl"] == made.remote_url
    [tried] = attempts(made)
    assert (tried.task, tried.outcome, tried.number, tried.actor) == ("publish", "confirmed", 1, cast.bob.user)
    assert [each["request"].split()[0] for each in tried.exchanges] == ["GET", "GET", "PUT"]
    assert SECRET not in json.dumps(tried.exchanges)
    assert KEY not in json.dumps(tried.exchanges)

    made = revert(cast.alice, publication_id=made.pk)
    assert made.status == "queued"
    made = worked(made, pictures)
    assert (made.status, made.reverted_by) == ("reverted", cast.alice.user)
    assert made.reverted_at is not None
    assert seen(peer) == old
    assert [each["id"] for each in peer.products[1]["images"]] == [100, 101]
    assert attempts(made)[-1].actor == cast.alice.user
    assert WebhookEvent.unscoped.count() == 1


def test_the_catalog_shows_it_at_once_and_after_the_next_sync(
    cast: Cast, peer: Shop, pictures: PictureHost, row: Connection, made: Publication, wanted: Wanted
) -> None:
    def shown() -> list[tuple[str, int, str]]:
        rows = CatalogImage.unscoped.filter(product__remote_id="1").order_by("variant", "position")
        return list(rows.values_list("variant", "position", "remote_id"))

    worked(made, pictures)
    new = str(peer.products[1]["images"][0]["id"])
    assert shown()[:2] == [("", 0, new), ("", 1, "101")]
    assert worked(publish(cast.bob, wanted=Wanted(wanted.image_id, row.pk, "1", variant="1001")), pictures).status == (
        "confirmed"
    )
    after = shown()
    assert after[-1][0] == "1001"
    assert after[-1][2] == str(peer.variations[1][1]["image"]["id"])
    turns(start(cast.bob, connection_id=row.pk))
    assert shown() == after
    assert CatalogProduct.unscoped.get(remote_id="1").image_count == 2


def test_a_further_image_is_appended_and_taken_away_again(
    cast: Cast, peer: Shop, pictures: PictureHost, row: Connection, image: Asset
) -> None:
    made = publish(cast.bob, wanted=Wanted(image.pk, row.pk, "2", slot="5"))
    assert worked(made, pictures).status == "confirmed"
    assert next(each["id"] for each in peer.products[2]["images"]) == 200
    assert seen(peer, 1, product=2) == product_photo()
    assert peer.products[2]["images"][1]["alt"] == "Product 2"
    assert CatalogProduct.unscoped.get(remote_id="2").image_count == 2
    revert(cast.bob, publication_id=made.pk)
    assert worked(made, pictures).status == "reverted"
    assert [each["id"] for each in peer.products[2]["images"]] == [200]
    assert CatalogProduct.unscoped.get(remote_id="2").image_count == 1


def test_the_old_image_comes_back_although_the_shop_has_lost_it(
    cast: Cast, peer: Shop, pictures: PictureHost, made: Publication
) -> None:
    old = seen(peer)
    worked(made, pictures)
    peer.delete_image(100)
    revert(cast.bob, publication_id=made.pk)
    assert worked(made, pictures).status == "reverted"
    assert seen(peer) == old
    assert (peer.products[1]["images"][0]["alt"], len(peer.products[1]["images"])) == ("View 0", 2)


def test_what_somebody_put_there_since_is_left_alone(
    cast: Cast, peer: Shop, pictures: PictureHost, made: Publication
) -> None:
    worked(made, pictures)
    theirs = peer.images.uploaded("theirs.jpg", product_photo(5))
    peer.products[1]["images"][0] = peer.images.shown(theirs)
    revert(cast.bob, publication_id=made.pk)
    made = worked(made, pictures)
    assert (made.status, made.issues[0]["code"]) == ("confirmed", "changed_since")
    assert seen(peer) == product_photo(5)
