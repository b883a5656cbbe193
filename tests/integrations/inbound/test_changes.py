"""What a shop tells of its products arrives, once, in whatever order it was told."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from integrations.actions.inbound_work import sweep, work
from integrations.actions.sync import start
from integrations.models import CatalogProduct, Connection, InboundDelivery, Publication
from tests.support.cast import Cast
from tests.support.deliveries import outcomes, title, work_all
from tests.support.shops import turns
from tests.support.woocommerce_peer import Shop

pytestmark = pytest.mark.django_db


def test_a_change_in_the_shop_arrives(peer: Shop, row: Connection) -> None:
    peer.products[2]["name"] = "Renamed"
    peer.calls.clear()
    assert peer.webhooks.emit("product.updated", peer.products[2]) == [200]
    assert peer.calls == []  # the answer waits for nobody
    kept = InboundDelivery.unscoped.get()
    assert (kept.topic, kept.change, kept.remote_id) == ("product.updated", "product", "2")
    assert json.loads(bytes(kept.body))["name"] == "Renamed"
    work_all()
    assert title(2) == "Renamed"
    assert outcomes() == ["updated"]
    before = CatalogProduct.unscoped.get(remote_id="1").pk
    peer.variations[1].pop()
    peer.webhooks.emit("product.updated", peer.products[1])
    work_all()
    changed = CatalogProduct.unscoped.get(remote_id="1")
    assert (changed.pk, changed.variant_count) == (before, 1)


def test_new_and_deleted_and_restored_products(peer: Shop, row: Connection) -> None:
    peer.webhooks.emit("product.created", peer.add(9))
    work_all()
    assert title(9) == "Product 9"
    trashed = peer.products.pop(9)
    peer.webhooks.emit("product.deleted", trashed)
    work_all()
    assert title(9) is None
    peer.products[9] = trashed
    peer.webhooks.emit("product.restored", trashed, second=1)
    work_all()
    assert title(9) == "Product 9"
    # Put into the bin again: the body is the same {"id": 9} as the first time.
    peer.webhooks.emit("product.deleted", peer.products.pop(9), second=2)
    work_all()
    assert title(9) is None
    assert outcomes() == ["updated", "removed", "updated", "removed"]


def test_deletion_is_asked_for_and_not_believed(peer: Shop, row: Connection) -> None:
    peer.webhooks.emit("product.deleted", peer.products[2])
    work_all()
    assert title(2) == "Product 2"
    assert outcomes() == ["unchanged"]


def test_old_news_late_and_out_of_order_do_no_harm(peer: Shop, row: Connection) -> None:
    old = dict(peer.products[2], name="Old name")
    peer.products[2]["name"] = "New name"
    peer.webhooks.emit("product.updated", peer.products[2])
    work_all()
    peer.webhooks.emit("product.updated", old)
    peer.webhooks.emit("product.created", old)
    work_all()
    assert title(2) == "New name"
    assert outcomes() == ["updated", "merged", "unchanged"]


def test_the_same_delivery_twice_is_kept_and_handled_once(peer: Shop, row: Connection) -> None:
    peer.webhooks.emit("product.updated", peer.products[2])
    work_all()
    peer.calls.clear()
    assert peer.webhooks.emit("product.updated", peer.products[2]) == [200]
    work_all()
    assert InboundDelivery.unscoped.count() == 1
    assert peer.calls == []
    work(InboundDelivery.unscoped.get().pk)
    assert peer.calls == []


def test_deliveries_of_one_second_share_an_id_and_are_all_handled(peer: Shop, row: Connection) -> None:
    for number in (1, 2, 3):
        peer.products[number]["name"] = f"In one batch {number}"
        peer.webhooks.emit("product.updated", peer.products[number])
    ids = {kept.headers["x-wc-webhook-delivery-id"] for kept in InboundDelivery.unscoped.all()}
    assert len(ids) == 1
    work_all()
    assert [title(number) for number in (1, 2, 3)] == [f"In one batch {number}" for number in (1, 2, 3)]


def test_ten_changes_of_a_product_are_asked_for_once(peer: Shop, row: Connection) -> None:
    for number in range(10):
        peer.products[2]["name"] = f"Version {number}"
        peer.webhooks.emit("product.updated", peer.products[2])
    peer.calls.clear()
    sweep()
    sent = InboundDelivery.unscoped.filter(sent_at__gt=timezone.now() - timedelta(seconds=20))
    assert sent.count() == 1
    work(sent.get().pk)
    assert title(2) == "Version 9"
    assert len(peer.calls) == 1
    assert outcomes() == ["merged"] * 9 + ["updated"]


def test_what_came_after_the_shop_was_asked_is_asked_for_again(peer: Shop, row: Connection) -> None:
    for second in (1, 2, 3):
        peer.webhooks.emit("product.updated", dict(peer.products[2], name=f"At {second}"))
    one, two, three = InboundDelivery.unscoped.order_by("pk")
    InboundDelivery.unscoped.filter(pk=three.pk).update(received_at=timezone.now() + timedelta(seconds=30))
    work(one.pk)
    two.refresh_from_db()
    three.refresh_from_db()
    assert (two.status, two.outcome) == ("handled", "merged")
    assert three.status == "waiting"


def test_the_echo_of_our_own_publication_is_known_and_harmless(cast: Cast, peer: Shop, row: Connection) -> None:
    shown = str(peer.products[2]["images"][0]["id"])
    Publication.unscoped.create(
        organization=row.organization, connection=row, product="2", slot="main", filename="a.jpg", sha256="0" * 64,
        status="confirmed", remote_id=shown, finished_at=timezone.now(),
    )  # fmt: skip
    before = list(CatalogProduct.unscoped.order_by("pk").values("pk", "title", "image_count"))
    peer.webhooks.emit("product.updated", peer.products[2])
    peer.calls.clear()
    work_all()
    assert outcomes() == ["ours"]
    assert list(CatalogProduct.unscoped.order_by("pk").values("pk", "title", "image_count")) == before
    assert {call.method for call in peer.calls} == {"GET"}
    assert Publication.unscoped.count() == 1


def test_a_sync_that_asked_earlier_does_not_overwrite_what_was_told_later(
    cast: Cast, peer: Shop, row: Connection
) -> None:
    """The page was read, then the product changed and was told of, then the page is stored."""
    sync = start(cast.bob, connection_id=row.pk, everything=True)
    CatalogProduct.unscoped.filter(remote_id="2").update(
        title="Told later", asked_at=timezone.now() + timedelta(minutes=1)
    )
    assert turns(sync).status == "succeeded"
    assert title(2) == "Told later"
    assert title(1) == "Product 1"
