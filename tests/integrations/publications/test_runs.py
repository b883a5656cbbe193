"""Runs of many images: the first ones, a look, the rest, a stop by itself, and everything back."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.access.actor import MissingPermission
from accounts.kit.errors import Conflict, InvalidInput, NotFound
from accounts.models import AuditEntry
from integrations.actions import pausing, runs
from integrations.actions.publish import Wanted, publish
from integrations.actions.publishing import kept, run_state
from integrations.actions.publishing.turn import work
from integrations.actions.runs import Item
from integrations.models import Connection, Publication, PublishRun
from processing.models import Asset
from tests.support.cast import Cast
from tests.support.photos import product_photo
from tests.support.picture_host import PictureHost
from tests.support.publications import serve
from tests.support.woocommerce_peer import Shop, recorded, shop

pytestmark = pytest.mark.django_db
SIZE = 8


@pytest.fixture
def peer(pictures: PictureHost) -> Iterator[Shop]:
    with shop() as running:
        for number in range(1, SIZE + 1):
            running.add(number, images=1)
        yield running


@pytest.fixture
def items(image: Asset) -> list[Item]:
    return [Item(image.pk, str(number)) for number in range(1, SIZE + 1)]


def go(run: PublishRun, pictures: PictureHost) -> PublishRun:
    """As workers would, until nothing of it is due."""
    for _ in range(3):
        for each in Publication.unscoped.filter(run=run).order_by("pk"):
            serve(each, pictures)
            Publication.unscoped.filter(pk=each.pk, lease_until=None).update(not_before=timezone.now())
            work(each.pk)
    return PublishRun.unscoped.get(pk=run.pk)


def states(run: PublishRun) -> list[str]:
    return list(Publication.unscoped.filter(run=run).order_by("pk").values_list("status", flat=True))


def changed(peer: Shop) -> list[int]:
    return [number for number, each in peer.products.items() if each["images"][0]["id"] != number * 100]


def test_the_first_ones_a_look_and_the_rest(
    cast: Cast, peer: Shop, pictures: PictureHost, row: Connection, items: list[Item]
) -> None:
    run = runs.start(cast.bob, connection_id=row.pk, items=items, first=3, name="  Spring  ")
    assert (run.name, run.status, run.size, run.first) == ("Spring", "first", SIZE, 3)
    run = go(run, pictures)
    assert run.status == "waiting"
    assert states(run) == ["confirmed"] * 3 + ["queued"] * 5
    assert changed(peer) == [1, 2, 3]
    run = go(runs.go_on(cast.alice, run_id=run.pk), pictures)
    assert run.status == "finished"
    assert run.finished_at is not None
    assert changed(peer) == list(range(1, SIZE + 1))
    with pytest.raises(Conflict):
        runs.go_on(cast.alice, run_id=run.pk)
    assert set(AuditEntry.unscoped.values_list("action", flat=True)) >= {"publish_run.started", "publish_run.went_on"}


def test_everything_comes_back(
    cast: Cast, peer: Shop, pictures: PictureHost, row: Connection, items: list[Item]
) -> None:
    run = go(runs.start(cast.bob, connection_id=row.pk, items=items, first=3), pictures)
    run = runs.revert_all(cast.alice, run_id=run.pk)
    assert run.status == "reverting"
    assert states(run)[3:] == ["reverted"] * 5
    with pytest.raises(Conflict):
        runs.revert_all(cast.alice, run_id=run.pk)
    run = go(run, pictures)
    assert run.status == "reverted"
    assert states(run) == ["reverted"] * SIZE
    assert changed(peer) == []
    assert Publication.unscoped.first().reverted_by == cast.alice.user  # type: ignore[union-attr]


def test_what_is_at_the_shop_while_all_is_put_back_comes_back_too(
    cast: Cast, peer: Shop, pictures: PictureHost, row: Connection, items: list[Item]
) -> None:
    run = runs.start(cast.bob, connection_id=row.pk, items=items[:2], first=0)
    one = Publication.unscoped.filter(run=run).order_by("pk")[0]
    serve(one, pictures)
    # It has ended at the shop, and is still held by its worker: nothing can be asked of it yet.
    work(one.pk)
    Publication.unscoped.filter(pk=one.pk).update(status="sending", lease_until=timezone.now() + timedelta(minutes=1))
    run = runs.revert_all(cast.bob, run_id=run.pk)
    assert run.status == "reverting"
    assert states(run) == ["sending", "reverted"]
    Publication.unscoped.filter(pk=one.pk).update(status="confirmed", lease_until=None)
    run_state.sweep()
    assert states(run)[0] == "queued"
    assert go(run, pictures).status == "reverted"
    assert changed(peer) == []


def test_an_old_image_that_cannot_come_back_ends_the_run_all_the_same(
    cast: Cast, peer: Shop, pictures: PictureHost, row: Connection, items: list[Item]
) -> None:
    run = go(runs.start(cast.bob, connection_id=row.pk, items=items[:3], first=0), pictures)
    assert run.status == "finished"
    peer.products[2]["images"][0] = peer.images.shown(peer.images.uploaded("theirs.jpg", product_photo(5)))
    run = go(runs.revert_all(cast.bob, run_id=run.pk), pictures)
    assert run.status == "reverted"
    assert states(run) == ["reverted", "confirmed", "reverted"]
    assert changed(peer) == [2]


def test_it_stops_by_itself(cast: Cast, peer: Shop, pictures: PictureHost, row: Connection, items: list[Item]) -> None:
    for number in (2, 4):
        del peer.products[number]
    run = go(runs.start(cast.bob, connection_id=row.pk, items=items, first=0, most_failures=30), pictures)
    assert run.status == "stopped"
    assert run.stopped_because == "Of the last 5 images 2 were refused or failed."
    assert states(run) == ["confirmed", "failed", "confirmed", "failed", "confirmed"] + ["queued"] * 3
    run = go(runs.go_on(cast.bob, run_id=run.pk), pictures)
    assert run.status == "finished"
    assert changed(peer) == [1, 3, 5, 6, 7, 8]


def test_a_shop_that_lets_nobody_in_stops_it(
    cast: Cast, peer: Shop, pictures: PictureHost, row: Connection, items: list[Item]
) -> None:
    run = runs.start(cast.bob, connection_id=row.pk, items=items, first=0)
    peer.always = recorded("wrong_key")
    run = go(run, pictures)
    assert run.status == "stopped"
    assert states(run).count("failed") == 1
    with pytest.raises(Conflict):
        runs.go_on(cast.bob, run_id=run.pk)


def test_somebody_stops_it(cast: Cast, peer: Shop, pictures: PictureHost, row: Connection, items: list[Item]) -> None:
    run = runs.start(cast.bob, connection_id=row.pk, items=items, first=0)
    work(Publication.unscoped.filter(run=run).order_by("pk")[0].pk)
    run = runs.stop(cast.alice, run_id=run.pk)
    assert run.stopped_because == "Alice has stopped it."
    go(run, pictures)
    assert len(changed(peer)) <= 1
    with pytest.raises(Conflict):
        runs.stop(cast.alice, run_id=run.pk)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"image_id": uuid.uuid4()}, "items[1].fileId"),
        ({"product": "99"}, "items[1].productId"),
        ({"product": "1"}, "items[1].slot"),
        ({"variant": "7"}, "items[1].variantId"),
        ({"slot": "0"}, "items[1].slot"),
        ({"job_id": uuid.uuid4()}, "items[1].jobId"),
    ],
)
def test_one_wrong_item_stops_all(
    cast: Cast, row: Connection, items: list[Item], change: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        runs.start(cast.bob, connection_id=row.pk, items=[items[0], replace(items[1], **change)])  # type: ignore[arg-type]
    assert [each.field for each in refused.value.errors] == [field]
    assert not Publication.unscoped.exists()
    assert not PublishRun.unscoped.exists()


def test_a_place_that_is_taken_and_numbers_that_are_none(
    cast: Cast, row: Connection, items: list[Item], image: Asset
) -> None:
    publish(cast.bob, wanted=Wanted(image.pk, row.pk, "2"))
    with pytest.raises(InvalidInput) as refused:
        runs.start(cast.bob, connection_id=row.pk, items=items)
    assert [each.field for each in refused.value.errors] == ["items[1].slot"]
    nonsense: list[dict[str, Any]] = [{"items": []}, {"first": -1}, {"most_failures": 101}, {"items": items * 200}]
    for wrong in nonsense:
        with pytest.raises(InvalidInput):
            runs.start(cast.bob, connection_id=row.pk, **{"items": items, **wrong})
    assert Publication.unscoped.count() == 1


def test_who_may(cast: Cast, row: Connection, items: list[Item]) -> None:
    with pytest.raises(MissingPermission):
        runs.start(cast.victor, connection_id=row.pk, items=items)
    with pytest.raises(NotFound):
        runs.start(cast.charlie, connection_id=row.pk, items=items)
    run = runs.start(cast.bob, connection_id=row.pk, items=items, first=3)
    for act in (runs.go_on, runs.stop, runs.revert_all):
        with pytest.raises(MissingPermission):
            act(cast.victor, run_id=run.pk)
        with pytest.raises(NotFound):
            act(cast.charlie, run_id=run.pk)
    assert PublishRun.unscoped.get().status == "first"


def test_a_large_run_costs_few_statements(cast: Cast, row: Connection, image: Asset) -> None:
    made = [Item(image.pk, "1", slot=str(number)) for number in range(2, 100)]

    with CaptureQueriesContext(database) as counted:
        runs.start(cast.bob, connection_id=row.pk, items=made, dry_run=True)
    assert len(counted) < 30


def test_pausing(cast: Cast, peer: Shop, pictures: PictureHost, row: Connection, items: list[Item]) -> None:
    run = runs.start(cast.bob, connection_id=row.pk, items=items[:2], first=0)
    assert pausing.pause(cast.bob, connection_id=row.pk).paused_at is not None
    pausing.pause(cast.alice, connection_id=row.pk)
    assert go(run, pictures).status == "running"
    assert changed(peer) == []
    with pytest.raises(MissingPermission):
        pausing.resume(cast.victor, connection_id=row.pk)
    with pytest.raises(NotFound):
        pausing.resume(cast.charlie, connection_id=row.pk)
    pausing.resume(cast.bob, connection_id=row.pk)
    assert go(run, pictures).status == "finished"
    actions = AuditEntry.unscoped.filter(action__startswith="connection.")
    assert list(actions.order_by("pk").values_list("action", flat=True)) == [
        "connection.made", "connection.paused", "connection.resumed",
    ]  # fmt: skip


def test_images_are_let_go_long_after(
    cast: Cast, pictures: PictureHost, row: Connection, items: list[Item], image: Asset
) -> None:
    run = go(runs.start(cast.bob, connection_id=row.pk, items=items[:2], first=0), pictures)
    assert Asset.unscoped.filter(kind="kept").count() == 4
    kept.forget_old()
    assert Asset.unscoped.filter(kind="kept").count() == 4
    one = Publication.unscoped.filter(run=run).order_by("pk")[0]
    Publication.unscoped.filter(pk=one.pk).update(finished_at=timezone.now() - timedelta(days=61))
    kept.forget_old()
    one.refresh_from_db()
    assert one.sent_image is None
    assert one.old_image is not None
    Publication.unscoped.filter(pk=one.pk).update(finished_at=timezone.now() - timedelta(days=401))
    kept.forget_old()
    assert Asset.unscoped.filter(kind="kept").count() == 2
    assert Asset.unscoped.filter(pk=image.pk).exists()
