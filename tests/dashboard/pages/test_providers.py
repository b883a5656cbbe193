"""/providers/: face-swap accounts are added, masked, paused, removed."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.models import AuditEntry
from processing.actions.face_swap_accounts import keep_account
from processing.models import FaceSwapAccount
from processing.queries.face_swaps import consent_required
from tests.support.cast import Cast
from tests.support.discord import Person, discord_in_place

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]
TOKEN = "MTI3NDU2Nzg5MDEyMzQ1Njc4.GaBcDe.0123456789abcdefghij"


def kept(actor: Actor, channel: str = "11", token: str = TOKEN) -> FaceSwapAccount:
    return keep_account(actor, channel=channel, server="77", discord=token)


def test_an_account_is_added_and_shown_masked(cast: Cast, as_: SignIn) -> None:
    client = as_(cast.alice)
    assert "No accounts yet" in client.get("/providers/").content.decode()
    answer = client.post("/providers/", {"channel": " 11 ", "server": "77", "discord": TOKEN}, follow=True)
    page = answer.content.decode()
    assert "The account of the channel 11 is kept." in page
    assert "MTI…secured…hij" in page
    assert "Not known yet" in page
    assert TOKEN not in page
    FaceSwapAccount.unscoped.update(credits_total=50, credits_used=18, credits_at=timezone.now())
    assert "32 of 50" in client.get("/providers/").content.decode()


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"server": "77", "discord": "x"}, "Name the channel."),
        ({"channel": "12", "discord": "x"}, "Name the server."),
        ({"channel": "12", "server": "77"}, "Paste the token"),
        ({"channel": "12", "server": "77", "discord": TOKEN}, "already used by the account of the channel 11"),
        ({"channel": "1" * 201, "server": "77", "discord": "x"}, "at most 200 characters"),
    ],
)
def test_what_is_wrong_stands_at_its_field(cast: Cast, as_: SignIn, fields: dict[str, str], says: str) -> None:
    kept(cast.alice)
    answer = as_(cast.alice).post("/providers/", fields)
    page = answer.content.decode()
    assert (answer.status_code, says in page) == (400, True)
    assert fields.get("channel", "") in page
    assert TOKEN not in page, "a password field is not filled in again"
    assert FaceSwapAccount.objects.of(cast.alice).count() == 1


def test_pause_resume_remove(cast: Cast, as_: SignIn) -> None:
    kept(cast.alice)
    client = as_(cast.alice)
    for button, status in (("pause", "paused"), ("pause", "paused"), ("resume", "active")):
        assert client.post(f"/providers/{button}/", {"channel": "11"}).status_code == 302
        assert FaceSwapAccount.objects.of(cast.alice).get().status == status
    client.post("/providers/remove/", {"channel": "11"})
    assert not FaceSwapAccount.objects.of(cast.alice).exists()
    done = AuditEntry.objects.of(cast.alice).filter(target_kind="face_swap_account").order_by("pk")
    assert [entry.action.partition(".")[2] for entry in done] == ["added", "paused", "resumed", "removed"]


def test_the_consent_rule(cast: Cast, as_: SignIn) -> None:
    client = as_(cast.alice)
    for required in (True, True, False):
        client.post("/providers/consent/", {"required": "on"} if required else {})
        assert consent_required(cast.alice) is required
        assert (' name="required" checked' in client.get("/providers/").content.decode()) is required
    assert not consent_required(cast.charlie)
    assert AuditEntry.objects.of(cast.alice).filter(action="face_swap.consent_rule_changed").count() == 2
    assert as_(cast.bob).post("/providers/consent/", {"required": "on"}).status_code == 403
    assert not consent_required(cast.alice)


def test_an_account_is_tested(cast: Cast, as_: SignIn, settings: Any) -> None:
    kept(cast.alice)
    client = as_(cast.alice)
    page = client.post("/providers/test/", {"channel": "11"}, follow=True).content.decode()
    assert "has no provider to test with" in page
    with discord_in_place(settings) as world:
        person = world.people[TOKEN] = Person(used=18)

        def tested() -> str:
            return client.post("/providers/test/", {"channel": "11"}, follow=True).content.decode()

        assert "works. 32 of 50 credits left." in tested()
        person.mood = "unauthorized"
        page = tested()
        assert "Discord does not accept this token" in page
        assert "Cooling down" in page
        person.mood = "ok"
        assert "works. 32 of 50" in tested()
        assert not FaceSwapAccount.objects.of(cast.alice).get().cools
        FaceSwapAccount.unscoped.update(held_by=uuid.uuid4())
        page = tested()
        assert "is busy with a swap" in page
        assert "At work" in page
        FaceSwapAccount.unscoped.update(held_by=None, server="78")
        assert "belongs to another Discord server" in tested()
    assert as_(cast.charlie).post("/providers/test/", {"channel": "11"}).status_code == 404


def test_for_admins_of_the_organization_alone(cast: Cast, as_: SignIn) -> None:
    kept(cast.alice)
    for actor, status in ((cast.bob, 403), (cast.victor, 403), (cast.charlie, 404)):
        for button in ("pause", "remove", "test"):
            assert as_(actor).post(f"/providers/{button}/", {"channel": "11"}).status_code == status
    assert as_(cast.bob).get("/providers/").status_code == 403
    assert "/providers/" not in as_(cast.bob).get("/").content.decode()
    assert "No accounts yet" in as_(cast.charlie).get("/providers/").content.decode()
    assert FaceSwapAccount.objects.of(cast.alice).get().status == "active"
