"""/integrations/shopify/: signing in at Shopify, good once and in one session; tokens that are exchanged in time."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.access.actor import Actor
from accounts.models import AuditEntry
from integrations.actions.account import account_of
from integrations.base import Blame, MarketplaceError
from integrations.models import Connection, SignInRequest
from integrations.models.connection import sealed
from integrations.registry import find
from integrations.shopify import install
from tests.support.at_once import at_once
from tests.support.cast import Cast, make_cast
from tests.support.shopify_oauth import CLIENT_ID, CLIENT_SECRET, OWN_ID, OWN_SECRET, signed
from tests.support.shopify_peer import TOKEN, Shop, shop
from tests.support.shopify_webhooks import SECRET
from tests.support.signing_in import just_signed_in

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]
INSTALL, CALLBACK = "/integrations/shopify/install/", "/integrations/shopify/callback/"
CONNECT = "/integrations/connect/shopify/"
OURS = "https://images.example.com"
NAME = "a-shop.myshopify.com"


@pytest.fixture
def peer(settings: Settings) -> Iterator[Shop]:
    settings.OUTBOUND_ALLOWED_HOSTS = ["localhost"]
    settings.BASE_URL = OURS
    settings.SHOPIFY_CLIENT_ID, settings.SHOPIFY_CLIENT_SECRET = CLIENT_ID, CLIENT_SECRET
    with shop() as running:
        running.held.add(1)
        yield running


def left(client: Client, peer: Shop) -> str:
    """The address at Shopify that the browser is sent to."""
    page = client.post(INSTALL, {"shop": peer.address})
    assert page.status_code == 200, page.content.decode()
    found = re.search(r'href="([^"]+/admin/oauth/authorize[^"]+)"', page.content.decode())
    assert found
    return unescape(found[1])


def came_back(address: str) -> str:
    assert address.startswith(OURS + CALLBACK)
    return address.removeprefix(OURS)


def installed(client: Client, peer: Shop) -> Connection:
    before = set(Connection.unscoped.values_list("pk", flat=True))
    answer = client.get(came_back(peer.app.consent(left(client, peer), NAME)))
    row = Connection.unscoped.exclude(pk__in=before).get()
    assert answer["Location"] == f"/integrations/{row.pk}/"
    return row


def test_a_shop_is_connected_by_signing_in(cast: Cast, as_: SignIn, peer: Shop) -> None:
    client = as_(cast.bob)
    assert INSTALL in client.get(CONNECT).content.decode()
    assert 'value="my-shop.myshopify.com"' in client.get(INSTALL, {"shop": "my-shop.myshopify.com"}).content.decode()
    asked = dict(parse_qsl(urlsplit(left(client, peer)).query))
    assert asked["scope"] == "read_products,write_products,write_files"
    assert asked["redirect_uri"] == OURS + CALLBACK
    row = installed(client, peer)
    stored = row.account().credentials
    assert set(stored) == {"access_token", "granted", "refresh_token", "expires_at", "scope"}
    assert 3500 < int(stored["expires_at"]) - time.time() <= 3600
    page = client.get(f"/integrations/{row.pk}/").content.decode()
    assert "signed in at Shopify" in page
    told = json.dumps(list(AuditEntry.unscoped.values("action", "details")))
    for secret in (stored["access_token"], stored["refresh_token"], CLIENT_SECRET):
        assert secret not in page + told + row.credentials
    assert "connection.made" in told
    assert SignInRequest.unscoped.get(connection=row).used_at


def test_signing_in_again_brings_new_keys_to_the_same_connection(cast: Cast, as_: SignIn, peer: Shop) -> None:
    client = as_(cast.bob)
    row = installed(client, peer)
    before = row.account().credentials
    Connection.unscoped.filter(pk=row.pk).update(status="broken")
    answer = client.get(came_back(peer.app.consent(left(client, peer), NAME)))
    assert answer["Location"] == f"/integrations/{row.pk}/"
    row.refresh_from_db()
    assert row.status == "connected"
    assert row.account().credentials["access_token"] != before["access_token"]
    assert Connection.unscoped.count() == 1


def test_what_comes_back_is_good_once_for_one_person_in_one_session(cast: Cast, as_: SignIn, peer: Shop) -> None:
    client = as_(cast.bob)
    back = came_back(peer.app.consent(left(client, peer), NAME))
    for other in (as_(cast.alice), as_(cast.bob), as_(cast.charlie)):
        assert other.get(back)["Location"] == CONNECT
    assert not Connection.unscoped.exists()
    assert client.get(back)["Location"].startswith("/integrations/")
    for again in (client, as_(cast.bob)):
        page = again.get(back, follow=True)
        assert "has been used, or is too old" in page.content.decode()
    assert Connection.unscoped.count() == 1


@pytest.mark.parametrize("how", ["signature", "shop", "time", "state", "code", "no state"])
def test_what_was_changed_on_the_way_is_refused(cast: Cast, as_: SignIn, peer: Shop, how: str) -> None:
    client = as_(cast.bob)
    back = came_back(peer.app.consent(left(client, peer), NAME))
    query = dict(parse_qsl(urlsplit(back).query))
    changed = {
        "signature": query | {"hmac": "0" * 64},
        "shop": query | {"shop": "other.myshopify.com"},
        "time": signed({k: v for k, v in query.items() if k != "hmac"} | {"timestamp": str(int(time.time()) - 3600)}),
        "state": signed({k: v for k, v in query.items() if k != "hmac"} | {"state": "another"}),
        "code": signed({k: v for k, v in query.items() if k != "hmac"} | {"code": "another"}),
        "no state": {},
    }[how]
    assert client.get(CALLBACK, changed)["Location"] == CONNECT
    assert not Connection.unscoped.exists()
    # It was good for one try.
    assert client.get(back)["Location"] == CONNECT
    assert not Connection.unscoped.exists()


def test_another_shop_than_the_one_asked_for(settings: Settings, peer: Shop) -> None:
    query = signed({"code": "x", "shop": "other.myshopify.com", "state": "y", "timestamp": str(int(time.time()))})
    with pytest.raises(MarketplaceError) as refused:
        install.account("https://my-shop.myshopify.com", query)
    assert "Another shop" in refused.value.detail


def test_a_name_with_an_ampersand_cannot_pass_for_two(peer: Shop) -> None:
    now = str(int(time.time()))
    honest = signed({"code": "a", "shop": "b", "timestamp": now})
    assert install.genuine(honest)
    assert not install.genuine({"code": "a&shop=b", "timestamp": now, "hmac": honest["hmac"]})


@pytest.mark.parametrize("typed", ["", "https://www.example.com", "not a shop", "http://10.0.0.1"])
def test_a_wrong_address_is_told_beside_the_field(cast: Cast, as_: SignIn, peer: Shop, typed: str) -> None:
    answer = as_(cast.bob).post(INSTALL, {"shop": typed})
    assert answer.status_code == 400
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not SignInRequest.unscoped.exists()


def test_it_is_offered_only_where_it_can_work(cast: Cast, as_: SignIn, peer: Shop, settings: Settings) -> None:
    assert as_(cast.victor).get(INSTALL).status_code == 403
    assert as_(cast.victor).get(CALLBACK).status_code == 403
    settings.SHOPIFY_CLIENT_SECRET = ""
    assert as_(cast.bob).get(INSTALL).status_code == 404
    assert INSTALL not in as_(cast.bob).get(CONNECT).content.decode()


def ends_soon(row: Connection) -> str:
    """Its token's end is near; the refresh token."""
    stored = dict(row.account().credentials)
    Connection.unscoped.filter(pk=row.pk).update(
        credentials=sealed(stored | {"expires_at": str(int(time.time()) + 60)})
    )
    row.refresh_from_db()
    return stored["refresh_token"]


def check(row: Connection) -> int:
    return find("shopify").check(account_of(row)).products


def test_a_token_is_exchanged_before_it_ends_and_both_are_stored(cast: Cast, as_: SignIn, peer: Shop) -> None:
    row = installed(as_(cast.bob), peer)
    old = ends_soon(row)
    assert check(row) == 1
    assert peer.app.refreshes == 1
    row.refresh_from_db()
    stored = row.account().credentials
    assert stored["refresh_token"] != old
    assert stored["access_token"] in peer.tokens
    assert old not in peer.app.refresh, "used, so the one before has ended"
    assert check(row) == 1
    assert peer.app.refreshes == 1


def test_a_token_that_was_refused_is_exchanged_once(cast: Cast, as_: SignIn, peer: Shop) -> None:
    row = installed(as_(cast.bob), peer)
    del peer.tokens[row.account().credentials["access_token"]]
    assert check(row) == 1
    row.refresh_from_db()
    peer.app.refresh.clear()
    del peer.tokens[row.account().credentials["access_token"]]
    before = row.credentials
    with pytest.raises(MarketplaceError) as refused:
        check(row)
    assert (refused.value.code, refused.value.permanent) == ("install_again", True)
    row.refresh_from_db()
    assert row.credentials == before


def test_an_answer_that_was_lost_costs_no_token(cast: Cast, as_: SignIn, peer: Shop) -> None:
    """Shopify has rotated, and we have not heard of it: the refresh token that is stored is still good."""
    row = installed(as_(cast.bob), peer)
    old = ends_soon(row)
    peer.app.grant({
        "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "grant_type": "refresh_token", "refresh_token": old,
    })  # fmt: skip
    assert check(row) == 1


def test_a_typed_token_takes_the_place_of_an_installation(cast: Cast, as_: SignIn, peer: Shop) -> None:
    client = as_(cast.bob)
    row = installed(client, peer)
    form = {"name": row.name, "calls_per_minute": "240", "sharing": "me", "nightly_at": "03:00"}
    assert client.post(f"/integrations/{row.pk}/", form | {"api_secret": SECRET}).status_code == 302
    row.refresh_from_db()
    assert row.account().credentials["refresh_token"] in peer.app.refresh
    form |= {"access_token": TOKEN}
    answer = client.post(f"/integrations/{row.pk}/", form)
    assert answer.status_code == 302, answer.content.decode()
    row.refresh_from_db()
    assert row.account().credentials == {"access_token": TOKEN, "api_secret": SECRET}
    assert row.masked == "shpat_…a1a1"


def test_an_app_of_ones_own_is_given_a_token_for_its_id_and_secret(cast: Cast, as_: SignIn, peer: Shop) -> None:
    client = as_(cast.bob)
    form = {"name": "Own app", "sharing": "me", "address": peer.address, "client_id": OWN_ID, "api_secret": OWN_SECRET}
    wrong = client.post(CONNECT, form | {"api_secret": OWN_SECRET[:-1] + "0"})
    assert wrong.status_code == 400
    assert "gives no token for this client ID" in wrong.content.decode()
    for left_out, says in (("api_secret", "goes with this client ID"), ("client_id", "Type the access token")):
        refused = client.post(CONNECT, {name: value for name, value in form.items() if name != left_out})
        assert says in refused.content.decode()
    both = client.post(CONNECT, form | {"access_token": TOKEN})
    assert "either a token or a client ID" in both.content.decode()
    assert not Connection.unscoped.exists()
    answer = client.post(CONNECT, form)
    assert answer.status_code == 302, answer.content.decode()
    row = Connection.unscoped.get()
    assert row.masked == "client fedc…3210"
    asked = peer.app.refreshes
    assert [check(row), check(Connection.unscoped.get())] == [1, 1]
    assert peer.app.refreshes == asked + 1
    row.refresh_from_db()
    stored = row.account().credentials
    assert 86000 < int(stored["expires_at"]) - time.time() <= 86399
    assert OWN_SECRET not in client.get(f"/integrations/{row.pk}/").content.decode()
    Connection.unscoped.update(credentials=sealed(dict(stored) | {"expires_at": str(int(time.time()))}))
    assert check(Connection.unscoped.get()) == 1
    assert peer.app.refreshes == asked + 2
    row.refresh_from_db()
    del peer.tokens[row.account().credentials["access_token"]]
    assert check(row) == 1
    form = {"name": "Own app", "calls_per_minute": "240", "sharing": "me", "nightly_at": "03:00", "access_token": TOKEN}
    assert client.post(f"/integrations/{row.pk}/", form).status_code == 302
    row.refresh_from_db()
    assert row.account().credentials == {"access_token": TOKEN, "api_secret": OWN_SECRET}


def test_a_disconnected_shop_gets_no_token(cast: Cast, as_: SignIn, peer: Shop) -> None:
    row = installed(as_(cast.bob), peer)
    ends_soon(row)
    account = account_of(row)
    as_(cast.bob).post(f"/integrations/{row.pk}/disconnect/")
    asked = peer.app.refreshes
    with pytest.raises(MarketplaceError):
        find("shopify").check(replace(account, options={}))
    assert peer.app.refreshes == asked


def installed_and_ending(peer: Shop) -> Connection:
    """By somebody whom other threads see."""
    bob = make_cast().bob
    assert bob.user
    client = Client()
    client.force_login(bob.user)
    just_signed_in(client, bob.user)
    row = installed(client, peer)
    ends_soon(row)
    return row


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_exchange_one_token(peer: Shop) -> None:
    row = installed_and_ending(peer)
    peer.app.delay = 0.2
    assert at_once(4, lambda number: check(Connection.unscoped.get(pk=row.pk))) == [1, 1, 1, 1]
    assert peer.app.refreshes == 1


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_during_an_exchange_and_a_crash_in_it_is_recovered(peer: Shop) -> None:
    row = installed_and_ending(peer)
    renew = account_of(row).renew
    assert renew is not None

    def dies(stored: Mapping[str, str]) -> Mapping[str, str]:
        assert not connection.in_atomic_block
        # Somebody types other keys meanwhile: they count.
        Connection.unscoped.filter(pk=row.pk).update(credentials=sealed(dict(stored) | {"scope": "typed"}))
        return dict(stored) | {"scope": "exchanged"}

    assert renew(dies)["scope"] == "typed"
    row.refresh_from_db()
    assert (row.account().credentials["scope"], row.keys_held_until) == ("typed", None)
    # A worker that has died holds the keys no longer than its lease.
    Connection.unscoped.update(keys_held_until=timezone.now() + timedelta(seconds=0.5))
    assert check(row) == 1
    row.refresh_from_db()
    assert row.keys_held_until is None
    assert peer.app.refreshes == 1

    def refused(stored: Mapping[str, str]) -> Mapping[str, str]:
        raise MarketplaceError("x", "x", blame=Blame.SHOP, permanent=True)

    with pytest.raises(MarketplaceError):
        renew(refused)
    row.refresh_from_db()
    assert row.keys_held_until is None
