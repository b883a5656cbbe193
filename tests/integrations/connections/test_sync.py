"""Catalog syncs: whole, changed, resumed, never two at once, and nothing removed that the shop still has."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection as database
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.access.actor import MissingPermission
from accounts.actions.webhook_endpoints import create_endpoint
from accounts.kit.errors import Conflict, NotFound
from accounts.models import WebhookEvent
from integrations.actions.connections import disconnect
from integrations.actions.sync import start, sweep, work
from integrations.models import CatalogImage, CatalogProduct, CatalogSync, CatalogVariant, Connection
from tests.support.cast import Cast
from tests.support.shops import turns
from tests.support.woocommerce_peer import Call, Shop, page, recorded, throttled

pytestmark = pytest.mark.django_db


def again(sync: CatalogSync) -> CatalogSync:
    """What it waits for is over."""
    CatalogSync.unscoped.filter(pk=sync.pk).update(not_before=timezone.now())
    return turns(sync)


def remote_ids() -> set[str]:
    return set(CatalogProduct.unscoped.values_list("remote_id", flat=True))


def test_a_whole_catalog(cast: Cast, peer: Shop, row: Connection) -> None:
    for number in range(1, 131):
        peer.add(number, images=2 if number < 3 else 1, variants=2 if number == 1 else 0)
    create_endpoint(cast.alice, url="https://example.com/hook", events=["sync.finished"])
    before = json.dumps(peer.products)
    sync = turns(start(cast.bob, connection_id=row.pk))
    assert (sync.status, sync.read, sync.total, sync.removed) == ("succeeded", 130, 130, 0)
    assert len(remote_ids()) == 130
    first = CatalogProduct.unscoped.get(remote_id="1")
    assert (first.title, first.sku, first.image_count, first.variant_count) == ("Product 1", "SKU-001", 2, 2)
    images = CatalogImage.unscoped.filter(product=first).order_by("variant", "position")
    own = [(image.variant, image.position, image.remote_id) for image in images[:2]]
    assert own == [("", 0, "100"), ("", 1, "101")]
    assert images[0].alt == "View 0"
    assert [variant.remote_id for variant in CatalogVariant.unscoped.order_by("position")] == ["1000", "1001"]
    assert {image.variant for image in images} == {"", "1000", "1001"}
    body = json.loads(WebhookEvent.unscoped.get(type="sync.finished").body)
    assert body["data"] == {"connectionId": str(row.pk), "products": 130}
    assert json.dumps(peer.products) == before
    assert {call.method for call in peer.calls[3:]} == {"GET"}


def test_later_only_what_changed_and_what_is_gone(cast: Cast, peer: Shop, row: Connection) -> None:
    for number in range(1, 6):
        peer.add(number, variants=2 if number == 1 else 0)
        peer.touch(number, at=1_700_000_000)
    turns(start(cast.bob, connection_id=row.pk))
    known = CatalogProduct.unscoped.get(remote_id="1").pk
    peer.products[1]["name"] = "Renamed"
    peer.products[1]["images"] = []
    peer.variations[1].pop()
    peer.touch(1)
    peer.add(9)
    del peer.products[4]
    sync = turns(start(cast.bob, connection_id=row.pk))
    assert (sync.status, sync.read, sync.removed) == ("succeeded", 2, 1)
    assert remote_ids() == {"1", "2", "3", "5", "9"}
    renamed = CatalogProduct.unscoped.get(remote_id="1")
    assert (renamed.pk, renamed.title, renamed.image_count, renamed.variant_count) == (known, "Renamed", 0, 1)
    assert CatalogVariant.unscoped.count() == 1
    whole = turns(start(cast.bob, connection_id=row.pk, everything=True))
    assert whole.read == 5


def test_pages_may_go_on_naming_an_image_that_is_still_the_same(cast: Cast, peer: Shop, row: Connection) -> None:
    peer.add(1, images=3)
    turns(start(cast.bob, connection_id=row.pk))
    images = CatalogImage.unscoped.order_by("position")
    before = list(images.values_list("pk", flat=True))
    peer.products[1]["name"] = "Renamed"
    peer.products[1]["images"][1]["src"] += "?v=2"
    turns(start(cast.bob, connection_id=row.pk, everything=True))
    after = list(images.values_list("pk", flat=True))
    assert (after[0], after[2]) == (before[0], before[2])
    assert after[1] != before[1], "another picture is not taken for the one that a browser has kept"
    peer.products[1]["images"].reverse()
    turns(start(cast.bob, connection_id=row.pk, everything=True))
    assert [image.remote_id for image in images] == ["102", "101", "100"]


def test_never_two_at_once(cast: Cast, row: Connection) -> None:
    start(cast.bob, connection_id=row.pk)
    with pytest.raises(Conflict):
        start(cast.alice, connection_id=row.pk)
    assert CatalogSync.unscoped.count() == 1


def test_a_busy_shop_is_waited_for_and_the_sync_goes_on_from_its_page(cast: Cast, peer: Shop, row: Connection) -> None:
    for number in range(1, 151):
        peer.add(number)
    sync = start(cast.bob, connection_id=row.pk)

    def second_page_fails(call: Call) -> None:
        if call.query.get("page") == "2":
            peer.before = None
            peer.faults = [throttled(40)]

    peer.before = second_page_fails
    sync = turns(sync)
    assert (sync.status, sync.read, sync.failures) == ("queued", 100, 1)
    assert sync.not_before > timezone.now() + timedelta(seconds=30)
    assert not Connection.unscoped.get().broken
    work(sync.pk)
    peer.calls.clear()
    sync = again(sync)
    assert (sync.status, sync.failures) == ("succeeded", 0)
    assert peer.calls[0].query["page"] == "2"
    assert len(remote_ids()) == 150


def test_a_refusal_ends_it_and_marks_the_connection(cast: Cast, peer: Shop, row: Connection) -> None:
    peer.add(1)
    turns(start(cast.bob, connection_id=row.pk))
    peer.always = recorded("rest_blocked_by_plugin")
    sync = turns(start(cast.bob, connection_id=row.pk))
    assert sync.status == "failed"
    assert "security plugin" in sync.problem
    assert Connection.unscoped.get().broken
    assert remote_ids() == {"1"}


def test_it_gives_up_on_a_shop_that_stays_away(cast: Cast, peer: Shop, row: Connection) -> None:
    peer.always = page(500)
    sync = start(cast.bob, connection_id=row.pk)
    for _ in range(8):
        assert sync.open
        sync = again(sync)
    assert sync.status == "failed"
    assert not Connection.unscoped.get().broken


@pytest.mark.django_db(transaction=True)
def test_a_turn_that_was_overtaken_writes_nothing_more(cast: Cast, peer: Shop, row: Connection) -> None:
    for number in range(1, 151):
        peer.add(number)
    sync = start(cast.bob, connection_id=row.pk)

    def overtaken(call: Call) -> None:
        """While the turn waits for page 2, its lease has run out and another one has taken the sync."""
        if call.query.get("page") == "2":
            CatalogSync.unscoped.filter(pk=sync.pk).update(attempt=7)
            connections.close_all()

    peer.before = overtaken
    work(sync.pk)
    sync.refresh_from_db()
    assert (sync.attempt, sync.read, sync.status) == (7, 100, "running")
    assert len(remote_ids()) == 100


def test_an_expired_lease_is_taken_over(cast: Cast, peer: Shop, row: Connection) -> None:
    peer.add(1)
    sync = start(cast.bob, connection_id=row.pk)
    CatalogSync.unscoped.filter(pk=sync.pk).update(
        status="running", attempt=3, lease_until=timezone.now() + timedelta(seconds=60)
    )
    work(sync.pk)
    sync.refresh_from_db()
    assert (sync.attempt, sync.read) == (3, 0)
    CatalogSync.unscoped.filter(pk=sync.pk).update(
        lease_until=timezone.now(), sent_at=timezone.now() - timedelta(minutes=1)
    )
    sweep()
    sync.refresh_from_db()
    assert timezone.now() - sync.sent_at < timedelta(seconds=30)
    assert turns(sync).status == "succeeded"


def test_disconnecting_ends_the_sync_and_empties_the_catalog(cast: Cast, peer: Shop, row: Connection) -> None:
    peer.add(1, variants=2)
    turns(start(cast.bob, connection_id=row.pk))
    sync = start(cast.bob, connection_id=row.pk)
    disconnect(cast.bob, connection_id=row.pk)
    assert turns(sync).status == "failed"
    assert not CatalogProduct.unscoped.exists()
    assert not CatalogImage.unscoped.exists()


def test_who_may_start_one(cast: Cast, row: Connection) -> None:
    with pytest.raises(MissingPermission):
        start(cast.victor, connection_id=row.pk)
    with pytest.raises(NotFound):
        start(cast.charlie, connection_id=row.pk)
    Connection.unscoped.update(shared=False, maker=cast.alice.user)
    with pytest.raises(NotFound):
        start(cast.bob, connection_id=row.pk)
    assert not CatalogSync.unscoped.exists()


def test_a_page_costs_the_same_few_statements_however_many_products(cast: Cast, peer: Shop, row: Connection) -> None:
    peer.add(1)
    turns(start(cast.bob, connection_id=row.pk))
    for number in range(2, 81):
        peer.add(number)
    sync = start(cast.bob, connection_id=row.pk, everything=True)
    with CaptureQueriesContext(database) as statements:
        work(sync.pk)
    assert len(statements) < 40


def test_quiet_hours_are_waited_for(cast: Cast, peer: Shop, row: Connection) -> None:
    peer.add(1)
    now = timezone.now()
    begin, end = now - timedelta(hours=1), now + timedelta(hours=2)
    Connection.unscoped.update(quiet_from=f"{begin:%H:%M}", quiet_until=f"{end:%H:%M}")
    sync = start(cast.bob, connection_id=row.pk)
    peer.calls.clear()
    work(sync.pk)
    sync.refresh_from_db()
    assert (sync.status, sync.failures, peer.calls) == ("queued", 0, [])
    assert timedelta(hours=1, minutes=55) < sync.not_before - now < timedelta(hours=2, minutes=1)
    Connection.unscoped.update(quiet_from="", quiet_until="")
    assert again(sync).status == "succeeded"
