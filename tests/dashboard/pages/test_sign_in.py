"""Connecting by signing in at the shop: keys come once, for who began it, and are tried before they are kept."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.access.actor import Actor
from accounts.access.permissions import Role
from accounts.actions.members import remove_member
from accounts.models import AuditEntry, Membership
from integrations.actions import sign_in
from integrations.models import Connection, SignInRequest
from tests.support.cast import Cast
from tests.support.woocommerce_peer import KEY, READ_ONLY, SECRET, Shop
from tests.support.woocommerce_webhooks import authorize

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]
CONNECT = "/integrations/connect/woocommerce/"
BASE = "https://packshot.example.com"


@pytest.fixture
def peer(peer: Shop, settings: Settings) -> Shop:
    settings.BASE_URL = BASE
    return peer


def begun(client: Client, peer: Shop, **other: str) -> str:
    """The address of the shop's page."""
    answer = client.post(f"{CONNECT}sign-in/", {"address": peer.address, "name": "", "sharing": "me"} | other)
    assert answer.status_code == 200, answer.content.decode()
    found = re.search(r'href="([^"]*/wc-auth/[^"]*)"', answer.content.decode())
    assert found
    return html.unescape(found[1])


def post(callback: str, body: bytes) -> int:
    """As the shop's server does."""
    assert callback.startswith(BASE)
    path = urlsplit(callback).path
    return Client(enforce_csrf_checks=True).post(path, body, content_type="application/json").status_code


def test_from_the_form_to_a_connected_shop(cast: Cast, as_: SignIn, peer: Shop) -> None:
    client = as_(cast.bob)
    assert "Sign in at your shop" in client.get(CONNECT).content.decode()
    where = begun(client, peer, name="Mugs", sharing="everybody")
    assert where.startswith(f"{peer.address}/wc-auth/v1/authorize?")
    assert peer.calls == []
    callback, body, back = authorize(where, key=KEY, secret=SECRET)
    waiting = client.get(back.removeprefix(BASE)).content.decode()
    assert "have not arrived yet" in waiting
    assert post(callback, body) == 200
    row = Connection.unscoped.get()
    assert (row.name, row.shared, row.maker) == ("Mugs", True, cast.bob.user)
    assert row.account().credentials == {"consumer_key": KEY, "consumer_secret": SECRET}
    answer = client.get(back.removeprefix(BASE))
    assert answer["Location"] == f"/integrations/{row.pk}/"
    entry = AuditEntry.unscoped.get(action="connection.made")
    assert entry.user == cast.bob.user
    assert SECRET not in json.dumps(entry.details)
    # The same answer again connects nothing.
    assert post(callback, body) == 404
    assert Connection.unscoped.count() == 1


def test_it_is_not_offered_without_a_public_https_address(cast: Cast, as_: SignIn, settings: Settings) -> None:
    client = as_(cast.bob)
    for url in ("", "http://images.example.com", "https://localhost", "https://10.0.0.1"):
        settings.BASE_URL = url
        page = client.get(CONNECT).content.decode()
        assert "Sign in at your shop" not in page, url
        assert client.post(f"{CONNECT}sign-in/", {"address": "https://example.com", "sharing": "me"}).status_code == 400
    assert not SignInRequest.unscoped.exists()


@pytest.mark.parametrize("how", ["forged", "other", "old", "removed", "demoted", "nonsense", "long"])
def test_keys_that_nobody_waits_for_are_not_taken(cast: Cast, as_: SignIn, peer: Shop, how: str) -> None:
    callback, body, _ = authorize(begun(as_(cast.bob), peer), key=KEY, secret=SECRET)
    said = json.loads(body)
    if how == "forged":
        said["user_id"] = said["user_id"][:-1] + ("a" if said["user_id"][-1] != "a" else "b")
    if how == "other":
        said["user_id"] = SignInRequest.unscoped.get().pk.hex
    if how == "old":
        SignInRequest.unscoped.update(created_at=timezone.now() - timedelta(minutes=61))
    if how == "removed":
        membership = Membership.objects.of(cast.alice).get(user=cast.bob.user)
        remove_member(cast.alice, membership_id=membership.pk)
    if how == "demoted":
        cast.bob_as(Role.VIEWER)
    body = json.dumps(said).encode()
    if how == "nonsense":
        body = b'{"user_id": 5, "consumer_key": []}'
    if how == "long":
        body = b" " * 20_000
    assert post(callback, body) in {400, 404, 413}
    assert not Connection.unscoped.exists()
    assert peer.calls == []


def test_a_key_that_does_not_work_is_told_to_the_shop_and_to_the_person(cast: Cast, as_: SignIn, peer: Shop) -> None:
    client = as_(cast.bob)
    callback, body, back = authorize(begun(client, peer), key=READ_ONLY, secret=SECRET, permissions="read")
    assert post(callback, body) == 400
    assert not Connection.unscoped.exists()
    page = client.get(back.removeprefix(BASE)).content.decode()
    assert "was not connected" in page
    assert "may only read" in page
    assert READ_ONLY not in page


def test_no_in_the_shop_and_the_eyes_of_others(cast: Cast, as_: SignIn, peer: Shop) -> None:
    client = as_(cast.bob)
    _, _, back = authorize(begun(client, peer), key=KEY, secret=SECRET)
    path = back.removeprefix(BASE)
    assert "Access was refused" in client.get(path.replace("success=1", "success=0")).content.decode()
    assert as_(cast.alice).get(path).status_code == 404
    assert as_(cast.charlie).get(path).status_code == 404
    assert as_(cast.victor).post(f"{CONNECT}sign-in/", {"address": peer.address}).status_code == 403
    assert client.get(f"{CONNECT}returned/").status_code == 404


def test_what_was_typed_is_kept_beside_the_error(cast: Cast, as_: SignIn, peer: Shop) -> None:
    client = as_(cast.bob)
    answer = client.post(f"{CONNECT}sign-in/", {"address": "http://10.0.0.1", "name": "Kept", "sharing": "me"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'value="Kept"' in page
    assert "not an address of the public internet" in page
    callback, body, _ = authorize(begun(client, peer), key=KEY, secret=SECRET)
    assert post(callback, body) == 200
    again = client.post(f"{CONNECT}sign-in/", {"address": peer.address, "sharing": "me"})
    assert "connected" in again.content.decode()
    assert again.status_code == 400


def test_requests_are_forgotten_after_a_week(cast: Cast, as_: SignIn, peer: Shop) -> None:
    begun(as_(cast.bob), peer)
    sign_in.forget_old()
    assert SignInRequest.unscoped.count() == 1
    SignInRequest.unscoped.update(created_at=timezone.now() - timedelta(days=8))
    sign_in.forget_old()
    assert not SignInRequest.unscoped.exists()
