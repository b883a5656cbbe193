"""Publications to Amazon from the queue: through the workers to the live image and back, and into the catalog."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.access.actor import Actor
from integrations.actions import connections
from integrations.actions import publish as publications
from integrations.actions.connection_settings import Wanted
from integrations.actions.sync import start
from integrations.amazon import likeness
from integrations.models import CatalogImage
from processing.actions.assets import save_upload
from tests.support import amazon_peer as peers
from tests.support.amazon_peer import DE, Amazon
from tests.support.amazon_publishing import MAIN, patched
from tests.support.amazon_settings import keys
from tests.support.cast import Cast
from tests.support.photos import product_photo
from tests.support.picture_host import PictureHost
from tests.support.publications import worked
from tests.support.shops import turns
from tests.support.verdicts import judged

pytestmark = pytest.mark.django_db


def test_from_the_queue_to_amazon_and_back(cast: Cast, peer: Amazon, pictures: PictureHost) -> None:
    peer.add("A/1", images=2)
    account = keys(peer)
    wanted = Wanted(name="", address="amazon.de", credentials=account.credentials, shared=True, calls_per_minute=6000)
    shop = connections.connect(cast.bob, marketplace="amazon", wanted=wanted)
    assert (shop.name, shop.masked) == ("amazon.de", "Atzr|…e3e3")
    turns(start(cast.bob, connection_id=shop.pk))
    image = save_upload(cast.bob, data=product_photo(5, size=(600, 600)), name="mug.jpg")
    judged(image, cast.bob, "pass", key="amazon/main")
    old = peer.listings["A/1"]["live"][f"{DE} {MAIN}"]
    row = publications.publish(
        cast.bob, wanted=publications.Wanted(image_id=image.pk, connection_id=shop.pk, product="A/1")
    )
    row = worked(row, pictures)
    assert (row.status, "within hours" in row.note, row.old_image is not None) == ("submitted", True, True)
    row = worked(row, pictures, turns=2)
    assert (row.status, len(patched(peer))) == ("submitted", 1)
    peer.process()
    row = worked(row, pictures)
    assert (row.status, row.note, row.issues) == ("confirmed", "", [])
    assert row.remote_url == f"https://www.amazon.de/dp/{peer.listings['A/1']['asin']}"
    shown = CatalogImage.unscoped.get(product__remote_id="A/1", position=0)
    assert shown.url == peer.listings["A/1"]["live"][f"{DE} {MAIN}"] != old
    told = json.dumps([each.exchanges for each in row.attempts.all()])
    for secret in (peers.SECRET, peers.REFRESH):
        assert secret not in told

    row = worked(publications.revert(cast.bob, publication_id=row.pk), pictures)
    assert row.status == "submitted"
    peer.process()
    row = worked(row, pictures)
    assert row.status == "reverted"
    assert peer.pictures[old] != peer.pictures[peer.listings["A/1"]["live"][f"{DE} {MAIN}"]]
    mark = likeness.fingerprint(peer.pictures[old])
    assert likeness.same(mark, peer.pictures[peer.listings["A/1"]["live"][f"{DE} {MAIN}"]])


def test_a_dry_run_from_the_queue_is_amazons_own(cast: Cast, peer: Amazon, pictures: PictureHost) -> None:
    peer.add("ONE")
    wanted = Wanted(name="", address="amazon.de", credentials=keys(peer).credentials, shared=True)
    shop = connections.connect(cast.bob, marketplace="amazon", wanted=wanted)
    turns(start(cast.bob, connection_id=shop.pk))
    image = save_upload(cast.bob, data=product_photo(5, size=(600, 600)), name="mug.jpg")
    judged(image, cast.bob, "pass", key="amazon/main")
    wanted_place = publications.Wanted(image_id=image.pk, connection_id=shop.pk, product="ONE", dry_run=True)
    row = worked(publications.publish(cast.bob, wanted=wanted_place), pictures)
    assert (row.status, "would take" in row.note) == ("confirmed", True)
    assert [call.query.get("mode") for call in patched(peer)] == ["VALIDATION_PREVIEW"]
    assert peer.waiting == []


def test_an_empty_place_between_two_images_stays_empty_in_the_catalog(
    cast: Cast, peer: Amazon, pictures: PictureHost, as_: Callable[[Actor], Client]
) -> None:
    row = peer.add("ONE", images=4)
    for name in ("other_product_image_locator_1", "other_product_image_locator_2"):
        del row["attributes"][name]
    wanted = Wanted(name="", address="amazon.de", credentials=keys(peer).credentials, shared=True)
    shop = connections.connect(cast.bob, marketplace="amazon", wanted=wanted)
    turns(start(cast.bob, connection_id=shop.pk))
    rows = CatalogImage.unscoped.filter(product__remote_id="ONE").order_by("position")
    assert list(rows.values_list("position", "remote_id")) == [(0, "MAIN"), (3, "PT03")]
    image = save_upload(cast.bob, data=product_photo(5, size=(600, 600)), name="mug.jpg")
    judged(image, cast.bob, "pass", key="amazon/additional")
    place = publications.Wanted(image_id=image.pk, connection_id=shop.pk, product="ONE", slot="2")
    publication = worked(publications.publish(cast.bob, wanted=place), pictures)
    peer.process()
    publication = worked(publication, pictures)
    assert publication.status == "confirmed"
    assert list(rows.values_list("position", "remote_id")) == [(0, "MAIN"), (1, "PT01"), (3, "PT03")]
    query = {"image": str(image.pk), "connection": str(shop.pk), "product": "ONE"}
    page = as_(cast.bob).get("/publish/", query).content.decode()
    slots = re.findall(r'name="slot" value="([^"]+)"', page)
    assert slots[:5] == ["main", "2", "3", "4", "5"]
