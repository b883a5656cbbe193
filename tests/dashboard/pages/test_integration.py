"""/integrations/ID/: a connection is tested, changed, shared and disconnected."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from cryptography.fernet import Fernet
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.access.actor import Actor
from accounts.access.permissions import Role
from accounts.actions.teams import create_team, delete_team, set_place
from accounts.actions.webhook_endpoints import create_endpoint
from accounts.models import WebhookEvent
from integrations.actions.checks import check
from integrations.models import Connection, InboundDelivery
from tests.support.cast import Cast
from tests.support.connecting import CONNECT, connected
from tests.support.woocommerce_peer import KEY, SECRET, Shop, recorded, throttled

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]


def test_a_broken_connection_says_why_once_and_is_mended_by_a_test(cast: Cast, as_: SignIn, peer: Shop) -> None:
    client = as_(cast.bob)
    row = connected(client, peer)
    create_endpoint(cast.alice, url="https://example.com/hook", events=["connection.broken"])
    peer.always = throttled()
    client.post(f"/integrations/{row.pk}/test/")
    row.refresh_from_db()
    assert not row.broken
    peer.always = recorded("rest_blocked_by_plugin")
    for _ in range(2):
        client.post(f"/integrations/{row.pk}/test/")
    for path in ("/integrations/", f"/integrations/{row.pk}/"):
        page = client.get(path).content.decode()
        assert "Broken" in page
        assert "security plugin" in page
    event = json.loads(WebhookEvent.unscoped.get(type="connection.broken").body)
    assert event["data"]["connectionId"] == str(row.pk)
    assert "security plugin" in event["data"]["reason"]
    peer.always = None
    page = client.post(f"/integrations/{row.pk}/test/", follow=True).content.decode()
    assert "The connection works. The shop has 1 product." in page
    row.refresh_from_db()
    assert (row.broken, row.problem, row.broken_since) == (False, None, None)


def test_new_keys_are_tried_before_the_old_ones_go(cast: Cast, as_: SignIn, peer: Shop) -> None:
    client = as_(cast.bob)
    row = connected(client, peer)
    form = {"name": "Renamed", "calls_per_minute": "60", "sharing": "everybody", "nightly_at": "03:00"}
    wrong = client.post(f"/integrations/{row.pk}/", form | {"consumer_secret": "cs_" + "0" * 40})
    assert wrong.status_code == 400
    assert "does not belong to this key" in wrong.content.decode()
    row.refresh_from_db()
    assert row.name != "Renamed"
    assert row.account().credentials["consumer_secret"] == SECRET
    assert client.post(f"/integrations/{row.pk}/", form).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.shared, row.calls_per_minute) == ("Renamed", True, 60)
    assert row.account().credentials["consumer_secret"] == SECRET
    for bad in ({"calls_per_minute": "0"}, {"calls_per_minute": "x"}, {"name": ""}):
        assert client.post(f"/integrations/{row.pk}/", form | bad).status_code == 400


def test_keys_survive_a_new_encryption_key_and_say_when_it_is_lost(
    cast: Cast, as_: SignIn, peer: Shop, settings: Settings
) -> None:
    client = as_(cast.bob)
    row = connected(client, peer)
    old = list(settings.FIELD_ENCRYPTION_KEYS)
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *old]
    assert row.account().credentials["consumer_key"] == KEY
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    page = client.post(f"/integrations/{row.pk}/test/", follow=True).content.decode()
    assert "FIELD_ENCRYPTION_KEYS" in page
    times = {"calls_per_minute": "60", "sharing": "me", "nightly_at": "03:00"}
    form = times | {"name": "Again", "consumer_key": KEY, "consumer_secret": SECRET}
    assert client.post(f"/integrations/{row.pk}/", form).status_code == 302
    row.refresh_from_db()
    assert not row.broken
    assert row.account().credentials["consumer_key"] == KEY


def test_who_sees_and_who_changes(cast: Cast, as_: SignIn, peer: Shop) -> None:
    row = connected(as_(cast.bob), peer)
    own = f"/integrations/{row.pk}/"
    posts = {
        own: {"name": "Stolen", "calls_per_minute": "60", "sharing": "me", "nightly_at": "03:00"},
        f"{own}test/": {},
        f"{own}disconnect/": {},
    }
    for actor, reading, writing in ((cast.victor, 404, {403}), (cast.charlie, 404, {404})):
        assert as_(actor).get(own).status_code == reading
        assert str(row.pk) not in as_(actor).get("/integrations/").content.decode()
        for path, data in posts.items():
            assert as_(actor).post(path, data).status_code in writing | {404}, (actor.user, path)
    assert as_(cast.victor).get(CONNECT).status_code == 403
    Connection.unscoped.filter(pk=row.pk).update(shared=True)
    page = as_(cast.victor).get(own).content.decode()
    assert row.name in page
    assert "Disconnect" not in page
    assert as_(cast.victor).post(own, posts[own]).status_code == 403
    assert as_(cast.charlie).get(own).status_code == 404
    Connection.unscoped.filter(pk=row.pk).update(shared=False, maker=cast.alice.user)
    assert as_(cast.bob).get(own).status_code == 404
    Connection.unscoped.filter(pk=row.pk).update(shared=True)
    assert as_(cast.bob).get(own).status_code == 200
    for path, data in posts.items():
        assert as_(cast.bob).post(path, data).status_code == 403, path
    cast.bob_as(Role.ADMIN)
    assert as_(cast.bob).post(f"{own}test/").status_code == 302
    kept = Connection.unscoped.get(pk=row.pk)
    assert (kept.name, kept.disconnected_at, kept.credentials) == (row.name, None, row.credentials)


def test_disconnecting_forgets_the_keys(cast: Cast, as_: SignIn, peer: Shop) -> None:
    client = as_(cast.bob)
    row = connected(client, peer)
    page = client.post(f"/integrations/{row.pk}/disconnect/", follow=True).content.decode()
    assert "its keys are forgotten" in page
    kept = Connection.unscoped.get(pk=row.pk)
    assert kept.credentials == ""
    for path in ("", "test/", "disconnect/"):
        assert client.post(f"/integrations/{row.pk}/{path}").status_code == 404
    connected(client, peer)


def saved(row: Connection, **other: str) -> dict[str, str]:
    """The form of a connection as it stands, with something changed."""
    return {
        "name": row.name, "calls_per_minute": "240", "sharing": "me", "nightly": "on", "nightly_at": "03:00",
        "quiet_from": "", "quiet_until": "",
    } | other  # fmt: skip


def test_a_connection_is_shared_with_one_team(cast: Cast, as_: SignIn, peer: Shop) -> None:
    assert cast.bob.user is not None
    assert cast.victor.user is not None
    ours = create_team(cast.alice, name="Mugs")
    theirs = create_team(cast.alice, name="Socks")
    elsewhere = create_team(cast.charlie, name="Elsewhere")
    set_place(cast.alice, team_id=ours.pk, email=cast.bob.user.email, lead=False)
    client = as_(cast.bob)
    form = client.get(CONNECT).content.decode()
    assert "The team Mugs" in form
    assert "Socks" not in form
    row = connected(client, peer, sharing=str(ours.pk))
    own = f"/integrations/{row.pk}/"
    assert row.team == ours
    assert as_(cast.victor).get(own).status_code == 404
    set_place(cast.alice, team_id=ours.pk, email=cast.victor.user.email, lead=False)
    page = as_(cast.victor).get(own)
    assert page.status_code == 200
    assert "The team Mugs" in page.content.decode()
    assert as_(cast.victor).post(own, saved(row)).status_code == 403
    for team in (theirs, elsewhere):
        assert client.post(own, saved(row, sharing=str(team.pk))).status_code == 400
    assert Connection.unscoped.get().team == ours
    assert as_(cast.alice).post(own, saved(row, sharing=str(theirs.pk))).status_code == 302
    assert as_(cast.victor).get(own).status_code == 404
    # It stays chosen for its maker, who is not in that team.
    assert client.post(own, saved(row, name="Renamed", sharing=str(theirs.pk))).status_code == 302
    delete_team(cast.alice, team_id=theirs.pk)
    assert client.get(own).status_code == 200
    assert as_(cast.victor).get(own).status_code == 404
    assert as_(cast.charlie).get(own).status_code == 404
    assert client.post(own, saved(row, sharing="everybody")).status_code == 302
    assert as_(cast.victor).get(own).status_code == 200


def test_times_are_kept_and_nonsense_is_refused_by_field(cast: Cast, as_: SignIn, peer: Shop) -> None:
    client = as_(cast.bob)
    row = connected(client, peer)
    own = f"/integrations/{row.pk}/"
    times = {"nightly_at": "02:15", "quiet_from": "09:00", "quiet_until": "17:30"}
    assert client.post(own, saved(row, **times)).status_code == 302
    row.refresh_from_db()
    assert (row.nightly, row.nightly_at, row.quiet_from, row.quiet_until) == (True, "02:15", "09:00", "17:30")
    page = client.get(own).content.decode()
    assert "09:00 to 17:30 (UTC)" in page
    assert "Read every night at 02:15" in page
    for wrong, says in (
        ({"quiet_from": "9:00"}, "Type a time of the day"),
        ({"quiet_from": "24:00"}, "Type a time of the day"),
        ({"quiet_until": ""}, "need a beginning and an end"),
        ({"quiet_until": "09:00"}, "would never be asked"),
        ({"sharing": "nonsense"}, "Choose one of your teams"),
    ):
        answer = client.post(own, saved(row, **{**times, **wrong}))
        assert answer.status_code == 400, wrong
        assert says in answer.content.decode(), wrong
    off = saved(row)
    del off["nightly"]
    assert client.post(own, off).status_code == 302
    row.refresh_from_db()
    assert (row.nightly, row.quiet_from) == (False, "")
    assert "Not read at night" in client.get(own).content.decode()


def test_what_the_shop_tells_is_on_its_page(cast: Cast, as_: SignIn, peer: Shop, settings: Settings) -> None:
    settings.BASE_URL = "https://images.example.com"
    client = as_(cast.bob)
    row = connected(client, peer)
    assert "with its first check" in client.get(f"/integrations/{row.pk}/").content.decode()
    check(row.pk)
    InboundDelivery.unscoped.create(
        organization=row.organization, connection=row, topic="product.updated", change="product", remote_id="1",
        key="a", body=b"{}", status="handled", outcome="ours",
    )  # fmt: skip
    page = client.get(f"/integrations/{row.pk}/").content.decode()
    for words in ("Subscribed", "product.restored", "Our own publication", "next <time"):
        assert words in page, words
    hook = row.hook
    assert hook.token not in page
    settings.BASE_URL = ""
    assert "no public address" in client.get(f"/integrations/{row.pk}/").content.decode()
