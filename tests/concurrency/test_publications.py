"""Publications by many at once, on the real database: one row for a place, one image in the shop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.access.actor import Actor
from accounts.kit.errors import Conflict
from accounts.models import AuditEntry
from integrations.actions import runs
from integrations.actions.publish import Wanted, publish, revert
from integrations.actions.publishing.turn import work
from integrations.actions.runs import Item
from integrations.models import Publication, PublicationAttempt, PublishRun
from processing.actions.assets import save_upload
from processing.models import Asset
from tests.support.at_once import at_once
from tests.support.cast import make_cast
from tests.support.photos import product_photo
from tests.support.picture_host import PictureHost, picture_host
from tests.support.publications import serve
from tests.support.shops import synced_with
from tests.support.verdicts import judged
from tests.support.woocommerce_peer import Shop, shop

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 20


@pytest.fixture
def pictures(settings: Settings) -> Iterator[PictureHost]:
    with picture_host() as running:
        settings.OUTBOUND_ALLOWED_HOSTS, settings.BASE_URL = ["localhost"], running.address
        yield running


@pytest.fixture
def peer(pictures: PictureHost) -> Iterator[Shop]:
    with shop() as running:
        for number in (1, 2, 3):
            running.add(number, images=2)
        yield running


@pytest.fixture
def ready(peer: Shop) -> tuple[Actor, Wanted]:
    bob = make_cast().bob
    image = save_upload(bob, data=product_photo(), name="mug.jpg")
    for key in ("woocommerce/main", "woocommerce/additional"):
        judged(image, bob, "pass", key=key)
    row = synced_with(peer, bob)
    return bob, Wanted(image.pk, row.pk, "1")


def puts(peer: Shop) -> int:
    return sum(call.method == "PUT" for call in peer.calls)


def test_twenty_press_publish(peer: Shop, ready: tuple[Actor, Wanted]) -> None:
    bob, wanted = ready
    results = at_once(AT_ONCE, lambda _: publish(bob, wanted=wanted))
    assert sum(isinstance(each, Publication) for each in results) == 1, results
    assert sum(isinstance(each, Conflict) for each in results) == AT_ONCE - 1, results
    assert Publication.unscoped.count() == 1
    assert Asset.unscoped.filter(kind="kept").count() == 1
    assert AuditEntry.unscoped.filter(action="publication.made").count() == 1


def test_many_workers_send_it_once(peer: Shop, pictures: PictureHost, ready: tuple[Actor, Wanted]) -> None:
    bob, wanted = ready
    row = publish(bob, wanted=wanted)
    serve(row, pictures)
    there = len(peer.images.files)
    assert at_once(8, lambda _: work(row.pk)) == [None] * 8
    row.refresh_from_db()
    assert (row.status, row.attempt, puts(peer)) == ("confirmed", 1, 1)
    assert len(peer.images.files) == there + 1
    assert PublicationAttempt.unscoped.count() == 1


def test_two_places_of_a_product_go_one_after_the_other(
    peer: Shop, pictures: PictureHost, ready: tuple[Actor, Wanted]
) -> None:
    """The shop takes the gallery as one list: two at once would undo each other."""
    bob, wanted = ready
    rows = [publish(bob, wanted=replace(wanted, slot=slot)) for slot in ("main", "2", "3")]
    for row in rows:
        serve(row, pictures)
    for _ in range(len(rows)):
        at_once(6, lambda number: work(rows[number % 3].pk))
    assert set(Publication.unscoped.values_list("status", flat=True)) == {"confirmed"}
    shown = [peer.images.files[each["id"]].data() for each in peer.products[1]["images"]]
    assert shown == [product_photo()] * 3


def test_twenty_ask_for_the_old_image(peer: Shop, pictures: PictureHost, ready: tuple[Actor, Wanted]) -> None:
    bob, wanted = ready
    row = publish(bob, wanted=wanted)
    serve(row, pictures)
    work(row.pk)
    results = at_once(AT_ONCE, lambda _: revert(bob, publication_id=row.pk))
    assert sum(isinstance(each, Publication) for each in results) == 1, results
    assert sum(isinstance(each, Conflict) for each in results) == AT_ONCE - 1, results
    at_once(4, lambda _: work(row.pk))
    row.refresh_from_db()
    assert (row.status, puts(peer)) == ("reverted", 2)
    assert [each["id"] for each in peer.products[1]["images"]] == [100, 101]


def test_a_run_is_worked_on_stopped_and_put_back_at_once(
    peer: Shop, pictures: PictureHost, ready: tuple[Actor, Wanted]
) -> None:
    bob, wanted = ready
    items = [Item(wanted.image_id, str(product), slot=slot) for product in (1, 2, 3) for slot in ("main", "2")]
    run = runs.start(bob, connection_id=wanted.connection_id, items=items, first=0)
    rows = list(Publication.unscoped.order_by("pk"))
    for row in rows:
        serve(row, pictures)

    def one(number: int) -> object:
        if number == 3:
            return runs.stop(bob, run_id=run.pk)
        if number == 6:
            return runs.revert_all(bob, run_id=run.pk)
        work(rows[number % 6].pk)
        return None

    results = at_once(10, one)
    assert not [each for each in results if isinstance(each, Exception) and not isinstance(each, Conflict)], results
    for _ in range(8):
        for row in Publication.unscoped.order_by("pk"):
            serve(row, pictures)
            Publication.unscoped.filter(pk=row.pk, lease_until=None).update(not_before=timezone.now())
            work(row.pk)
    assert PublishRun.unscoped.get().status == "reverted"
    assert set(Publication.unscoped.values_list("status", flat=True)) == {"reverted"}
    for number in (1, 2, 3):
        assert [each["id"] for each in peer.products[number]["images"]] == [number * 100, number * 100 + 1]


def test_two_runs_for_the_same_places(peer: Shop, ready: tuple[Actor, Wanted]) -> None:
    bob, wanted = ready
    items = [Item(wanted.image_id, str(product)) for product in (1, 2, 3)]
    results = at_once(6, lambda _: runs.start(bob, connection_id=wanted.connection_id, items=items))
    assert sum(isinstance(each, PublishRun) for each in results) == 1, results
    assert Publication.unscoped.count() == 3
    assert PublishRun.unscoped.count() == 1
    assert Asset.unscoped.filter(kind="kept").count() == 3
