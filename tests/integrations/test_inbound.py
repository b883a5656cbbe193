"""What shops tell us: genuine or refused, kept once, and worked on so that order, age and echoes do no harm."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from integrations.actions import inbound_receive, subscriptions
from integrations.actions.checks import check
from integrations.actions.connections import disconnect
from integrations.actions.inbound_work import forget_old, sweep, work
from integrations.actions.sync import start
from integrations.inbound import Change
from integrations.models import CatalogProduct, Connection, InboundDelivery, InboundHook, Publication
from integrations.registry import find
from tests.support.cast import Cast
from tests.support.shops import connection_to, turns
from tests.support.woocommerce_peer import Call, Shop, page, recorded, shop, throttled

pytestmark = pytest.mark.django_db
RECORDED = Path(__file__).parents[1] / "support" / "contracts" / "woocommerce" / "webhooks"
BASE = "https://packshot.example.com"


@pytest.fixture
def peer(settings: Settings, client: Client) -> Iterator[Shop]:
    """A shop whose webhooks reach us."""
    settings.OUTBOUND_ALLOWED_HOSTS = ["localhost"]
    settings.BASE_URL = BASE

    def deliver(address: str, headers: dict[str, str], body: bytes) -> int:
        parts = urlsplit(address)
        kind = headers["Content-Type"]
        if body.startswith(b"webhook_id="):
            return 200  # the ping comes in a thread of the peer, which does not see what this test has not committed
        others = {name: value for name, value in headers.items() if name != "Content-Type"}
        return client.post(parts.path, body, content_type=kind, headers=others).status_code

    with shop() as running:
        running.webhooks.deliver = deliver
        yield running


@pytest.fixture
def row(cast: Cast, peer: Shop) -> Connection:
    """Connected, read once, and subscribed."""
    for number in (1, 2, 3):
        peer.add(number, variants=2 if number == 1 else 0)
    made = connection_to(peer, cast.bob)
    turns(start(cast.bob, connection_id=made.pk))
    check(made.pk)
    return made


def work_all() -> None:
    for pk in InboundDelivery.unscoped.filter(status="waiting").order_by("-pk").values_list("pk", flat=True):
        work(pk)


def outcomes() -> list[str]:
    return list(InboundDelivery.unscoped.order_by("pk").values_list("outcome", flat=True))


def title(number: int) -> str | None:
    return CatalogProduct.unscoped.filter(remote_id=str(number)).values_list("title", flat=True).first()


def address(row: Connection) -> str:
    return urlsplit(subscriptions.address(InboundHook.unscoped.get(connection=row))).path


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


@pytest.mark.parametrize("how", ["body", "secret", "none", "empty", "other connection"])
def test_a_bad_signature_is_refused_and_leaves_nothing(
    cast: Cast, peer: Shop, row: Connection, client: Client, how: str
) -> None:
    hook = next(each for each in peer.webhooks.rows.values() if each["topic"] == "product.updated")
    good: dict[str, Any] = {}

    def catch(address: str, headers: dict[str, str], body: bytes) -> int:
        good.update(address=address, headers=headers, body=body)
        return 200

    peer.webhooks.deliver = catch
    if how == "secret":
        peer.webhooks.secrets[hook["id"]] = "not it"
    peer.webhooks.emit("product.updated", peer.products[2])
    headers = {name: value for name, value in good["headers"].items() if name != "Content-Type"}
    body, path = good["body"], urlsplit(good["address"]).path
    if how == "body":
        body += b" "
    if how == "none":
        del headers["X-WC-Webhook-Signature"]
    if how == "empty":
        headers["X-WC-Webhook-Signature"] = ""
    if how == "other connection":
        other = connection_to(peer, cast.alice)
        subscriptions.keep(other, other.account())
        path = address(other)
    answer = client.post(path, body, content_type="application/json", headers=headers)
    assert answer.status_code == 401
    assert not InboundDelivery.unscoped.exists()
    assert title(2) == "Product 2"


def test_unknown_addresses_other_methods_and_long_bodies(
    peer: Shop, row: Connection, client: Client, settings: Settings
) -> None:
    good = address(row)
    for path in ("/hooks/woocommerce/nobody/", "/hooks/nothing/x/", "/hooks/woocommerce/", good.replace("woo", "boo")):
        assert client.post(path, b"{}", content_type="application/json").status_code == 404, path
    assert client.get(good).status_code == 405
    long = client.post(good, b"x" * (inbound_receive.MOST_BYTES + 1), content_type="application/json")
    assert long.status_code == 413
    assert client.post(good, b"webhook_id=1", content_type="application/x-www-form-urlencoded").status_code == 200
    assert client.post(good, b"webhook_id=1&id=2", content_type="application/x-www-form-urlencoded").status_code == 401
    settings.FIELD_ENCRYPTION_KEYS = ["3b0T0i5jE4l9nV8n3o0bXoY0Yq6y3iQ5oYk0s3m8d5E="]
    assert client.post(good, b"{}", content_type="application/json").status_code == 503
    assert not InboundDelivery.unscoped.exists()


def test_the_door_needs_no_session_and_no_csrf_token(peer: Shop, row: Connection) -> None:
    strict = Client(enforce_csrf_checks=True)

    def deliver(address: str, headers: dict[str, str], body: bytes) -> int:
        kind = headers.pop("Content-Type")
        return strict.post(urlsplit(address).path, body, content_type=kind, headers=headers).status_code

    peer.webhooks.deliver = deliver
    assert peer.webhooks.emit("product.updated", peer.products[2]) == [200]
    assert not strict.cookies


@pytest.mark.parametrize("name", sorted(path.name for path in RECORDED.glob("*.json")))
def test_the_real_shops_deliveries_are_genuine(name: str) -> None:
    """As they were recorded, with the secret that the shop was given."""
    said = json.loads((RECORDED / name).read_text())
    inbound = find("woocommerce").inbound
    assert inbound is not None
    headers = {key.lower(): value for key, value in said["headers"]}
    raw = base64.b64decode(said["body_b64"])
    found = inbound.authenticate(raw, headers, ["other", "peer-webhook-secret"])
    if "ping" in name:
        assert (found.change, found.key) == (Change.NOTHING, "")
        return
    assert found.change == Change.PRODUCT
    assert found.remote_id == str(json.loads(raw)["id"])
    assert found.topic == headers["x-wc-webhook-topic"]


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
