"""Subscriptions are made, moved and looked after; work on deliveries waits, gives up and cleans up."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from integrations.actions.checks import check
from integrations.actions.connections import disconnect
from integrations.actions.inbound_work import forget_old, work
from integrations.models import Connection, InboundDelivery, InboundHook
from tests.support.cast import Cast
from tests.support.deliveries import address, title, work_all
from tests.support.shops import connection_to
from tests.support.woocommerce_peer import Call, Shop, page, recorded, throttled

pytestmark = pytest.mark.django_db
BASE = "https://packshot.example.com"


def test_subscriptions_are_made_looked_after_and_taken_away(cast: Cast, peer: Shop, row: Connection) -> None:
    hooks = peer.webhooks
    topics = ["product.created", "product.deleted", "product.restored", "product.updated"]
    assert sorted(each["topic"] for each in hooks.rows.values()) == topics
    assert {each["delivery_url"] for each in hooks.rows.values()} == {BASE + address(row)}
    made = dict(hooks.rows)
    check(row.pk)
    assert hooks.rows == made
    switched_off = next(each for each in hooks.rows.values() if each["topic"] == "product.updated")
    real, hooks.deliver = hooks.deliver, lambda *_: 500
    for number in range(6):
        hooks.emit("product.updated", peer.products[2], second=number)
    hooks.deliver = real
    assert switched_off["status"] == "disabled"
    gone = next(key for key, each in hooks.rows.items() if each["topic"] == "product.created")
    del hooks.rows[gone]
    check(row.pk)
    assert sorted(each["topic"] for each in hooks.rows.values() if each["status"] == "active") == topics
    assert len(hooks.rows) == 4
    mended = {each["topic"] for each in InboundHook.unscoped.get().topics if each["mended_at"]}
    assert {"product.updated", "product.created"} <= mended
    assert hooks.emit("product.updated", peer.products[2]) == [200]
    theirs = {**made[min(made)], "id": 99, "delivery_url": "https://else.example.com/hook"}
    hooks.rows[99] = theirs
    disconnect(cast.bob, connection_id=row.pk)
    assert hooks.rows == {99: theirs}
    assert not InboundHook.unscoped.exists()


def test_a_new_name_of_the_installation_moves_the_subscriptions(
    peer: Shop, row: Connection, settings: Settings
) -> None:
    settings.BASE_URL = "https://moved.example.com"
    check(row.pk)
    assert {each["delivery_url"] for each in peer.webhooks.rows.values()} == {settings.BASE_URL + address(row)}
    assert len(peer.webhooks.rows) == 4


def test_where_shops_cannot_reach_us_none_are_made(cast: Cast, peer: Shop, settings: Settings) -> None:
    settings.BASE_URL = "http://127.0.0.1:8000"
    made = connection_to(peer, cast.bob)
    check(made.pk)
    assert peer.webhooks.rows == {}
    assert not InboundHook.unscoped.exists()


def test_a_key_without_the_right_to_subscribe_says_so_and_breaks_nothing(peer: Shop, row: Connection) -> None:
    peer.webhooks.rows.clear()

    def refused(call: Call) -> None:
        if "webhooks" in call.path:
            peer.faults = [recorded("rest_blocked_by_plugin")]

    peer.before = refused
    check(row.pk)
    row.refresh_from_db()
    assert not row.broken
    assert "security plugin" in InboundHook.unscoped.get().problem


def test_a_busy_shop_is_asked_again_later_and_quiet_hours_are_kept(peer: Shop, row: Connection) -> None:
    peer.products[2]["name"] = "Renamed"
    peer.webhooks.emit("product.updated", peer.products[2])
    kept = InboundDelivery.unscoped.get()
    peer.faults = [throttled(40)]
    work(kept.pk)
    kept.refresh_from_db()
    assert (kept.status, kept.failures) == ("waiting", 1)
    assert kept.not_before > timezone.now() + timedelta(seconds=30)
    now = timezone.now()
    Connection.unscoped.update(
        quiet_from=f"{now - timedelta(hours=1):%H:%M}", quiet_until=f"{now + timedelta(hours=2):%H:%M}"
    )
    InboundDelivery.unscoped.update(not_before=now)
    peer.calls.clear()
    work(kept.pk)
    kept.refresh_from_db()
    assert (kept.failures, peer.calls) == (1, [])
    assert kept.not_before > now + timedelta(hours=1, minutes=50)
    Connection.unscoped.update(quiet_from="", quiet_until="")
    InboundDelivery.unscoped.update(not_before=now)
    work(kept.pk)
    assert title(2) == "Renamed"


def test_a_shop_that_stays_away_is_given_up_and_the_next_sync_reads_it(peer: Shop, row: Connection) -> None:
    peer.webhooks.emit("product.updated", peer.products[2])
    kept = InboundDelivery.unscoped.get()
    peer.always = page(500)
    for _ in range(7):
        InboundDelivery.unscoped.update(not_before=timezone.now())
        work(kept.pk)
    kept.refresh_from_db()
    assert (kept.status, kept.failures) == ("failed", 6)
    assert not Connection.unscoped.get().broken


def test_a_worker_that_was_overtaken_writes_nothing(peer: Shop, row: Connection) -> None:
    peer.webhooks.emit("product.updated", dict(peer.products[2]))
    kept = InboundDelivery.unscoped.get()
    InboundDelivery.unscoped.update(attempt=3, lease_until=timezone.now() + timedelta(minutes=1))
    peer.calls.clear()
    work(kept.pk)
    assert peer.calls == []
    InboundDelivery.unscoped.update(lease_until=timezone.now())
    work(kept.pk)
    kept.refresh_from_db()
    assert (kept.status, kept.attempt) == ("handled", 4)


def test_bodies_and_rows_go_after_their_time(peer: Shop, row: Connection) -> None:
    for number in (1, 2, 3):
        peer.webhooks.emit("product.updated", peer.products[number])
    work_all()
    ages = {"1": 1, "2": 5, "3": 31}
    for remote_id, days in ages.items():
        InboundDelivery.unscoped.filter(remote_id=remote_id).update(received_at=timezone.now() - timedelta(days=days))
    forget_old()
    left = {kept.remote_id: bool(kept.body) for kept in InboundDelivery.unscoped.all()}
    assert left == {"1": True, "2": False}


def test_secrets_are_encrypted_and_no_header_of_a_proxy_is_kept(peer: Shop, row: Connection, client: Client) -> None:
    hook = InboundHook.unscoped.get()
    assert hook.opened() not in hook.secret
    assert hook.opened() in peer.webhooks.secrets.values()

    def deliver(address: str, headers: dict[str, str], body: bytes) -> int:
        kind = headers.pop("Content-Type")
        extra = {**headers, "Authorization": "Basic secret", "Cookie": "secret=1"}
        return client.post(urlsplit(address).path, body, content_type=kind, headers=extra).status_code

    peer.webhooks.deliver = deliver
    peer.webhooks.emit("product.updated", peer.products[2])
    assert "secret" not in json.dumps(InboundDelivery.unscoped.get().headers).lower()
