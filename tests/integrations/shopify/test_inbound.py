"""What Shopify tells: signed with the app's secret, kept once; subscriptions that are made anew; personal data."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from integrations.actions import subscriptions
from integrations.actions.checks import check
from integrations.actions.connection_settings import Wanted
from integrations.actions.connections import connect, disconnect
from integrations.actions.inbound_work import work
from integrations.actions.sync import start
from integrations.models import CatalogProduct, Connection, InboundDelivery, InboundHook
from tests.support.cast import Cast
from tests.support.shopify_oauth import CLIENT_SECRET
from tests.support.shopify_peer import TOKEN, Shop
from tests.support.shopify_webhooks import SECRET, delivery
from tests.support.shops import turns

pytestmark = pytest.mark.django_db
TOPICS = {"PRODUCTS_CREATE", "PRODUCTS_UPDATE", "PRODUCTS_DELETE", "APP_UNINSTALLED"}


@pytest.fixture
def peer(peer: Shop, settings: Settings) -> Shop:
    settings.BASE_URL = "https://packshot.example.com"
    for number in (1, 2):
        peer.held.add(number)
    return peer


def connected(cast: Cast, peer: Shop, **more: str) -> Connection:
    keys = {"access_token": TOKEN, **more}
    wanted = Wanted(name="", address=peer.address, credentials=keys, calls_per_minute=6000)
    row = connect(cast.bob, marketplace="shopify", wanted=wanted)
    check(row.pk)
    return row


@pytest.fixture
def row(cast: Cast, peer: Shop) -> Connection:
    """Connected with the secret, read once, and subscribed."""
    made = connected(cast, peer, api_secret=SECRET)
    turns(start(cast.bob, connection_id=made.pk))
    return made


def address(row: Connection) -> str:
    return subscriptions.address(InboundHook.unscoped.get(connection=row))


def tell(client: Client, path: str, sent: tuple[bytes, dict[str, str]]) -> int:
    raw, headers = sent
    return client.post(urlsplit(path).path, raw, content_type="application/json", headers=headers).status_code


def work_all() -> list[str]:
    for pk in InboundDelivery.unscoped.filter(status="waiting").values_list("pk", flat=True):
        work(pk)
    return list(InboundDelivery.unscoped.order_by("pk").values_list("outcome", flat=True))


def title(number: int) -> str | None:
    found = CatalogProduct.unscoped.filter(remote_id=f"gid://shopify/Product/{number}")
    return found.values_list("title", flat=True).first()


def test_a_change_arrives_and_the_product_is_asked_for(client: Client, peer: Shop, row: Connection) -> None:
    peer.held.products["gid://shopify/Product/2"].title = "Renamed"
    sent = delivery("products/update", {"id": 2, "title": "An older name"})
    assert [tell(client, address(row), sent) for _ in range(3)] == [200] * 3
    kept = InboundDelivery.unscoped.get()
    assert (kept.topic, kept.change, kept.remote_id) == ("products/update", "product", "gid://shopify/Product/2")
    assert kept.happened_at
    assert work_all() == ["updated"]
    assert title(2) == "Renamed"


def test_a_product_is_new_or_gone(client: Client, peer: Shop, row: Connection) -> None:
    peer.held.add(3, title="New")
    assert tell(client, address(row), delivery("products/create", {"id": 3})) == 200
    assert tell(client, address(row), delivery("products/delete", {"id": 1})) == 200
    del peer.held.products["gid://shopify/Product/1"]
    assert set(work_all()) == {"updated", "removed"}
    assert (title(1), title(3)) == (None, "New")


def test_what_is_not_signed_with_the_secret_is_refused_and_not_kept(
    client: Client, peer: Shop, row: Connection
) -> None:
    good, headers = delivery("products/update", {"id": 2})
    for sent in (
        delivery("products/update", {"id": 2}, secret="another"),
        (good.replace(b"2", b"1"), headers),
        (good, {**headers, "X-Shopify-Hmac-Sha256": ""}),
        (good, {**headers, "X-Shopify-Hmac-Sha256": "é"}),
    ):
        assert tell(client, address(row), sent) == 401
    assert not InboundDelivery.unscoped.exists()


def test_odd_bodies_do_no_harm(client: Client, peer: Shop, row: Connection) -> None:
    for body in ({"id": "2"}, {"id": True}, [1], {"id": -1}, None):
        assert tell(client, address(row), delivery("products/update", body)) == 200
    assert tell(client, address(row), delivery("carts/update", {"id": 2})) == 200
    assert set(InboundDelivery.unscoped.values_list("change", flat=True)) == {"nothing"}


def test_subscriptions_are_made_once_and_made_anew(peer: Shop, row: Connection) -> None:
    rows = peer.webhooks.rows
    assert {each["topic"] for each in rows.values()} == TOPICS
    assert {each["uri"] for each in rows.values()} == {address(row)}
    peer.calls.clear()
    check(row.pk)
    assert "Subscribe" not in peer.names()
    lost = next(pk for pk, each in rows.items() if each["topic"] == "PRODUCTS_UPDATE")
    del rows[lost]
    moved = next(iter(rows.values()))
    moved["uri"] = moved["uri"].replace("packshot", "an-earlier-name")
    foreign = {"id": "gid://shopify/WebhookSubscription/1", "topic": "ORDERS_CREATE", "uri": "https://example.com/"}
    rows[foreign["id"]] = foreign
    check(row.pk)
    ours = [each for each in rows.values() if each["uri"] == address(row)]
    assert {each["topic"] for each in ours} == TOPICS
    assert (len(ours), len(rows)) == (4, 5)
    assert {each["topic"]: bool(each["mended_at"]) for each in InboundHook.unscoped.get().topics}["products/update"]


def test_they_end_with_the_connection(cast: Cast, peer: Shop, row: Connection) -> None:
    disconnect(cast.bob, connection_id=row.pk)
    assert peer.webhooks.rows == {}


def test_without_the_secret_nothing_is_asked_for_and_the_page_says_why(cast: Cast, client: Client, peer: Shop) -> None:
    row = connected(cast, peer)
    assert peer.webhooks.rows == {}
    assert "API secret key" in InboundHook.unscoped.get(connection=row).problem
    assert Connection.unscoped.get(pk=row.pk).status == "connected"
    assert tell(client, address(row), delivery("products/update", {"id": 1}, secret="")) == 401


def test_a_removed_app_is_asked_after_and_breaks_the_connection(client: Client, peer: Shop, row: Connection) -> None:
    assert tell(client, address(row), delivery("app/uninstalled", {"id": 5})) == 200
    work_all()
    row.refresh_from_db()
    assert row.status == "connected", "it may have been installed again"
    peer.tokens.clear()
    assert tell(client, address(row), delivery("app/uninstalled", {"id": 5})) == 200
    work_all()
    row.refresh_from_db()
    assert (row.status, (row.problem or {})["code"]) == ("broken", "uninstalled")


@pytest.mark.parametrize("topic", ["customers/data_request", "customers/redact", "shop/redact"])
def test_requests_about_personal_data_come_to_one_address(
    client: Client, peer: Shop, row: Connection, settings: Settings, topic: str
) -> None:
    sent = delivery(topic, {"shop_domain": "a-shop.myshopify.com", "customer": {"id": 1}}, secret=CLIENT_SECRET)
    assert tell(client, "/hooks/shopify/", sent) == 404
    settings.SHOPIFY_CLIENT_SECRET = CLIENT_SECRET
    assert tell(client, "/hooks/shopify/", delivery(topic, {}, secret="another")) == 401
    assert tell(client, "/hooks/shopify/", sent) == 200
    assert not InboundDelivery.unscoped.exists(), "not a shop that is connected here"
    Connection.unscoped.filter(pk=row.pk).update(address="https://a-shop.myshopify.com")
    assert tell(client, "/hooks/shopify/", sent) == 200
    kept = InboundDelivery.unscoped.get()
    assert (kept.topic, kept.change) == (topic, "personal_data")
    settings.SHOPIFY_CLIENT_SECRET, settings.SHOPIFY_CLIENT_SECRET_BEFORE = "the-new-one", CLIENT_SECRET
    assert tell(client, "/hooks/shopify/", sent) == 200
