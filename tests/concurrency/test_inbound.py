"""What shops tell us, at once: one delivery sent ten times, workers on one product, one pace, one sign-in."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from integrations.actions import sign_in
from integrations.actions.checks import check
from integrations.actions.connection_settings import Wanted
from integrations.actions.inbound_work import work
from integrations.actions.pace import Pace
from integrations.models import CallPace, CatalogProduct, Connection, InboundDelivery, InboundHook, SignInRequest
from tests.support.at_once import at_once
from tests.support.cast import Cast
from tests.support.shops import connection_to, synced_with
from tests.support.woocommerce_peer import KEY, SECRET, Shop, shop
from tests.support.woocommerce_webhooks import authorize

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def peer(settings: Settings) -> Iterator[Shop]:
    settings.OUTBOUND_ALLOWED_HOSTS = ["localhost"]
    settings.BASE_URL = "https://packshot.example.com"
    with shop() as running:
        running.add(1)
        yield running


def post(address: str, headers: dict[str, str], body: bytes) -> int:
    others = {name: value for name, value in headers.items() if name != "Content-Type"}
    path = urlsplit(address).path
    return Client().post(path, body, content_type=headers["Content-Type"], headers=others).status_code


def subscribed(cast: Cast, peer: Shop) -> Connection:
    row = synced_with(peer, cast.bob)
    check(row.pk)
    peer.webhooks.deliver = post
    return row


def test_one_delivery_sent_ten_times_at_once_is_kept_once(cast: Cast, peer: Shop) -> None:
    subscribed(cast, peer)
    answers = at_once(10, lambda _: peer.webhooks.emit("product.updated", peer.products[1]))
    assert answers == [[200]] * 10
    assert InboundDelivery.unscoped.count() == 1


def test_workers_on_one_delivery_and_on_one_product(cast: Cast, peer: Shop) -> None:
    subscribed(cast, peer)
    for second in range(4):
        peer.products[1]["name"] = f"Version {second}"
        peer.webhooks.emit("product.updated", peer.products[1], second=second)
    peer.calls.clear()
    ids = list(InboundDelivery.unscoped.values_list("pk", flat=True)) * 2
    assert at_once(8, lambda number: work(ids[number])) == [None] * 8
    for pk in ids:
        work(pk)
    assert CatalogProduct.unscoped.get().title == "Version 3"
    assert set(InboundDelivery.unscoped.values_list("status", flat=True)) == {"handled"}
    assert len(peer.calls) <= 4


def test_checks_at_once_make_no_second_subscription_address(cast: Cast, peer: Shop) -> None:
    row = connection_to(peer, cast.bob)
    assert at_once(4, lambda _: check(row.pk)) == [None] * 4
    assert InboundHook.unscoped.count() == 1
    check(row.pk)
    assert sorted(each["topic"] for each in peer.webhooks.rows.values()) == [
        "product.created", "product.deleted", "product.restored", "product.updated",
    ]  # fmt: skip


def test_the_pace_of_a_shop_holds_for_all_who_call_it(cast: Cast, peer: Shop) -> None:
    row = connection_to(peer, cast.bob)
    row.calls_per_minute = 1200
    began = time.time()
    assert at_once(6, lambda _: Pace(row)()) == [None] * 6
    assert time.time() - began >= 5 * 0.05
    assert CallPace.unscoped.get().free_at >= began + 6 * 0.05


def test_one_set_of_keys_for_one_sign_in(cast: Cast, peer: Shop) -> None:
    begun = sign_in.begin(cast.bob, marketplace="woocommerce", wanted=Wanted("", peer.address, {}))
    callback, body, _ = authorize(begun.where, key=KEY, secret=SECRET)
    answers = at_once(5, lambda _: post(callback, {"Content-Type": "application/json"}, body))
    assert sorted(answers, key=str) == [200, 404, 404, 404, 404]
    assert Connection.unscoped.count() == 1
    assert SignInRequest.unscoped.get().connection is not None
    assert json.loads(body)["consumer_key"] == KEY
