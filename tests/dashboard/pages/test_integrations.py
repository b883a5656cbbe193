"""/integrations/: what is connected, and connecting a shop of each marketplace; keys are never shown."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.access.actor import Actor
from accounts.models import AuditEntry
from integrations.models import Connection
from integrations.registry import MARKETPLACES
from tests.support.amazon_bridge import TOKEN, bridge
from tests.support.amazon_settings import keys, pointed
from tests.support.cast import Cast
from tests.support.connecting import CONNECT, connected, typed
from tests.support.woocommerce_peer import KEY, READ_ONLY, SECRET, Shop

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]


def test_empty(cast: Cast, as_: SignIn) -> None:
    page = as_(cast.bob).get("/integrations/").content.decode()
    assert "Marketplace Integrations" in page
    assert (
        "Connect Shopify, WooCommerce, and Amazon bridge endpoint. "
        "Save credentials per user and publish outputs directly." in page
    )
    assert CONNECT in page
    assert CONNECT not in as_(cast.victor).get("/integrations/").content.decode()
    assert 'href="/integrations/"' in as_(cast.victor).get("/jobs/").content.decode()


def test_a_shop_is_connected_and_its_keys_are_nowhere(cast: Cast, as_: SignIn, peer: Shop) -> None:
    client = as_(cast.bob)
    row = connected(client, peer)
    assert row.account().credentials == {"consumer_key": KEY, "consumer_secret": SECRET}
    assert SECRET not in row.credentials
    stored = json.dumps(list(AuditEntry.unscoped.values("action", "details")))
    shown = "".join(client.get(path).content.decode() for path in ("/integrations/", f"/integrations/{row.pk}/"))
    for secret in (KEY, SECRET):
        assert secret not in stored + shown
    assert "connection.made" in stored
    assert "ck_…a1a1" in shown
    assert "localhost" in shown


def test_the_test_button_keeps_what_was_typed_and_stores_nothing(cast: Cast, as_: SignIn, peer: Shop) -> None:
    answer = as_(cast.bob).post(CONNECT, typed(peer, test="1", name="My shop"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "The connection works" in page
    assert 'value="My shop"' in page
    assert f'value="{SECRET}"' in page
    assert answer["Cache-Control"] == "private, no-store"
    assert not Connection.unscoped.exists()


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"consumer_key": READ_ONLY}, "may only read"),
        ({"consumer_secret": "cs_" + "0" * 40}, "does not belong to this key"),
        ({"consumer_key": "abc"}, "begins with ck_"),
        ({"consumer_secret": ""}, "Type the consumer secret."),
        ({"address": "http://10.0.0.1"}, "not an address of the public internet"),
        ({"address": "http://localhost:9"}, "no server at this address"),
    ],
    ids=["read only", "secret", "key", "empty", "inside", "nobody"],
)
def test_what_does_not_work_is_explained_and_not_stored(
    cast: Cast, as_: SignIn, peer: Shop, other: dict[str, str], says: str
) -> None:
    answer = as_(cast.bob).post(CONNECT, typed(peer, name="Kept", **other))
    assert answer.status_code == 400
    page = answer.content.decode()
    assert says in page
    assert 'value="Kept"' in page
    assert not Connection.unscoped.exists()


def test_the_same_shop_twice_is_refused_to_one_person_only(cast: Cast, as_: SignIn, peer: Shop) -> None:
    connected(as_(cast.bob), peer)
    again = as_(cast.bob).post(CONNECT, typed(peer))
    assert again.status_code == 409
    assert "already" in again.content.decode()
    connected(as_(cast.alice), peer)
    assert Connection.unscoped.count() == 2


def test_an_unknown_marketplace_is_not_found(cast: Cast, as_: SignIn) -> None:
    assert as_(cast.bob).get("/integrations/connect/nothing/").status_code == 404


def test_whether_the_shop_can_reach_us_is_said_before_it_is_connected(
    cast: Cast, as_: SignIn, settings: Settings
) -> None:
    client = as_(cast.bob)
    for url, says in (
        ("", "no public address"),
        ("http://192.168.1.5", "inside a network"),
        ("https://images.example.com", "Shops fetch images from https://images.example.com"),
    ):
        settings.BASE_URL = url
        assert says in client.get(CONNECT).content.decode(), url


def test_each_connect_page_names_what_is_asked_for_and_leads_to_its_guide(cast: Cast, as_: SignIn) -> None:
    client = as_(cast.bob)
    for kind in MARKETPLACES.values():
        form = client.get(f"/integrations/connect/{kind.key}/").content.decode()
        assert f"/docs/{kind.guide}/" in form
        assert all(each.label in form for each in kind.credentials)
        assert client.get(f"/docs/{kind.guide}/").status_code == 200


def test_amazon_is_connected_by_the_stores_that_are_typed(cast: Cast, as_: SignIn, settings: Settings) -> None:
    client = as_(cast.bob)
    with pointed(settings) as amazon:
        amazon.add("ONE")
        good = {"address": "amazon.de, amazon.fr", **keys(amazon).credentials}
        wrong = client.post("/integrations/connect/amazon/", good | {"address": "amazon.com"})
        assert wrong.status_code == 400
        assert "These keys open nothing on amazon.com" in wrong.content.decode()
        assert not Connection.unscoped.exists()
        assert client.post("/integrations/connect/amazon/", good).status_code == 302
        assert client.post("/integrations/connect/amazon/", good).status_code == 409
    row = Connection.unscoped.get()
    assert row.name == "amazon.de, amazon.fr"
    assert row.address == f"https://www.amazon.de/sp?seller={amazon.seller}&also=amazon.fr"
    shown = "".join(client.get(path).content.decode() for path in ("/integrations/", f"/integrations/{row.pk}/"))
    for name in ("client_secret", "refresh_token"):
        assert good[name] not in shown + row.credentials
    assert "nothing can be published until it has" in client.get("/integrations/connect/amazon/").content.decode()


def test_a_bridge_is_connected_by_address_and_token(cast: Cast, as_: SignIn, peer: Shop) -> None:
    client = as_(cast.bob)
    with bridge() as running:
        typed = {"address": running.address, "token": "not-the-token"}
        assert "does not know this token" in client.post("/integrations/connect/amazon-bridge/", typed).content.decode()
        assert client.post("/integrations/connect/amazon-bridge/", typed | {"token": TOKEN}).status_code == 302
    assert Connection.unscoped.get().marketplace == "amazon-bridge"
