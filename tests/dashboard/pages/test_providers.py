"""/providers/: face-swap accounts are added, masked, paused, removed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.models import AuditEntry
from processing.actions.face_swap_accounts import keep_account
from processing.models import FaceSwapAccount
from tests.support.cast import Cast

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


def test_for_admins_of_the_organization_alone(cast: Cast, as_: SignIn) -> None:
    kept(cast.alice)
    for actor, status in ((cast.bob, 403), (cast.victor, 403), (cast.charlie, 404)):
        for button in ("pause", "remove"):
            assert as_(actor).post(f"/providers/{button}/", {"channel": "11"}).status_code == status
    assert as_(cast.bob).get("/providers/").status_code == 403
    assert "/providers/" not in as_(cast.bob).get("/").content.decode()
    assert "No accounts yet" in as_(cast.charlie).get("/providers/").content.decode()
    assert FaceSwapAccount.objects.of(cast.alice).get().status == "active"
