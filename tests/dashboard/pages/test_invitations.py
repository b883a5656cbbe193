"""Invitations: one or many addresses, the e-mail, accepting as a new or a known person."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.access.permissions import Role
from accounts.actions.invitations import addresses_in
from accounts.actions.teams import create_team
from accounts.models import AuditEntry, Invitation, Membership, Organization, TeamPlace, User
from tests.support.cast import PASSWORD, Cast

As = Callable[[Actor], Client]
NEW = {"name": "Dora", "password": "a long enough one"}


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Callable[..., object]) -> Callable[..., object]:
    return django_capture_on_commit_callbacks


@pytest.fixture
def invite(commit: Callable[..., object], as_: As) -> Callable[..., str]:
    """Invites an address and answers with the path in its e-mail."""

    def sent(actor: Actor, email: str = "dora@example.com", role: str = "editor") -> str:
        with commit(execute=True):  # type: ignore[attr-defined]
            as_(actor).post("/team/invitations/", {"emails": email, "role": role})
        return link()

    return sent


def link() -> str:
    found = re.search(r"(/invitations/[A-Za-z0-9_-]+/)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def role_of(email: str, organization: Organization) -> str | None:
    rows = Membership.unscoped.filter(user__email=email, organization=organization)
    return rows.values_list("role", flat=True).first()


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("a@x.de", ["a@x.de"]),
        ("a@x.de, B@x.de;c@x.de\n a@X.de ", ["a@x.de", "b@x.de", "c@x.de"]),
        ("Ann Lee <ann@x.de>, Bo <bo@x.de>", ["ann@x.de", "bo@x.de"]),
        (" ,;\n", []),
    ],
)
def test_addresses_in_a_pasted_text(text: str, addresses: list[str]) -> None:
    assert addresses_in(text) == addresses


def test_every_address_is_answered_for(cast: Cast, as_: As, commit: Callable[..., object]) -> None:
    client = as_(cast.alice)
    typed = "dora@example.com, nonsense\nBOB@example.com; emil@example.com"
    with commit(execute=True):  # type: ignore[attr-defined]
        page = client.post("/team/invitations/", {"emails": typed, "role": "viewer"}).content.decode()
    assert "2 people are invited. These were not:" in page
    assert "nonsense: This is not an e-mail address." in page
    assert "bob@example.com: Is a member already." in page
    assert sorted(to for letter in mail.outbox for to in letter.to) == ["dora@example.com", "emil@example.com"]
    assert "Alice (alice@example.com) invites you to work in Alice's shop as a viewer" in str(mail.outbox[0].body)
    again = client.post("/team/invitations/", {"emails": "dora@example.com", "role": "viewer"})
    assert again.status_code == 400
    assert "Is invited already" in again.content.decode()
    assert Invitation.objects.of(cast.alice).filter(sent_at__isnull=False).count() == 2
    token = link().split("/")[2]
    assert not Invitation.objects.of(cast.alice).filter(digest__contains=token).exists()
    assert AuditEntry.objects.of(cast.alice).filter(action="invitation.sent").count() == 2


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"emails": "", "role": "viewer"}, "Type at least one"),
        ({"emails": " , ", "role": "viewer"}, "Type at least one"),
        ({"emails": "dora@example.com", "role": "king"}, "Select a valid choice"),
        ({"emails": " ".join(f"p{n}@x.de" for n in range(51)), "role": "viewer"}, "at most 50 at once"),
    ],
    ids=["nothing", "commas", "role", "too-many"],
)
def test_what_cannot_be_sent_stays_in_the_form(cast: Cast, as_: As, sent: dict[str, str], words: str) -> None:
    answer = as_(cast.alice).post("/team/invitations/", sent)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert sent["emails"].strip() in answer.content.decode()
    assert not Invitation.unscoped.exists()


def test_nobody_invites_above_their_own_role_and_editors_nobody(cast: Cast, as_: As) -> None:
    client = as_(cast.bob_as(Role.ADMIN))
    assert client.post("/team/invitations/", {"emails": "dora@example.com", "role": "owner"}).status_code == 400
    assert as_(cast.victor).post("/team/invitations/", {"emails": "d@x.de", "role": "viewer"}).status_code == 403
    assert as_(cast.victor).get("/team/invitations/").status_code == 403
    assert not Invitation.unscoped.exists()


def test_a_new_person_joins_without_an_organization_of_their_own(
    cast: Cast, client: Client, invite: Callable[..., str], settings: Any
) -> None:
    settings.SIGN_UP_OPEN = False
    path = invite(cast.alice)
    page = client.get(path)
    assert "Join Alice&#x27;s shop" in page.content.decode()
    assert page["Referrer-Policy"] == "same-origin", "with no-referrer its form has no origin"
    for wrong in ({"name": "", "password": NEW["password"]}, {"name": "Dora", "password": "short"}):
        assert client.post(path, wrong).status_code == 400
    assert not User.objects.filter(email="dora@example.com").exists()
    answer = client.post(path, NEW, follow=True)
    assert "Welcome to Alice&#x27;s shop. You are an editor here." in answer.content.decode()
    assert role_of("dora@example.com", cast.alice.organization) == "editor"
    assert Organization.objects.count() == 2
    assert client.get(path).status_code == 404
    assert (
        Client().post("/accounts/login/", {"login": "dora@example.com", "password": NEW["password"]}).status_code == 302
    )
    assert AuditEntry.objects.of(cast.alice).get(action="invitation.accepted").details["joined"] is True


def test_a_known_person_signs_in_and_accepts(cast: Cast, client: Client, invite: Callable[..., str]) -> None:
    path = invite(cast.alice, "charlie@example.com", "admin")
    page = client.get(path).content.decode()
    assert "Sign in to accept" in page
    assert client.post(path, NEW).status_code == 200
    assert role_of("charlie@example.com", cast.alice.organization) is None
    answer = client.post(
        f"/accounts/login/?next={path}", {"login": "charlie@example.com", "password": PASSWORD}, follow=True
    )
    assert "Accept the invitation" in answer.content.decode()
    client.post(path)
    assert role_of("charlie@example.com", cast.alice.organization) == "admin"
    assert role_of("charlie@example.com", cast.charlie.organization) == "owner"
    assert "Alice&#x27;s shop" in client.get("/team/").content.decode()


def test_somebody_else_cannot_accept(cast: Cast, as_: As, invite: Callable[..., str]) -> None:
    path = invite(cast.alice)
    client = as_(cast.charlie)
    page = client.get(path).content.decode()
    assert "This invitation is for somebody else" in page
    assert client.post(path).status_code == 409
    assert role_of("charlie@example.com", cast.alice.organization) is None
    assert client.post("/accounts/logout/", {"next": path})["Location"] == path


def test_a_member_keeps_a_wider_role(cast: Cast, as_: As, invite: Callable[..., str]) -> None:
    path = invite(cast.alice, "charlie@example.com", "viewer")
    assert cast.charlie.user
    Membership.unscoped.create(organization=cast.alice.organization, user=cast.charlie.user, role="admin")
    as_(cast.charlie).post(path)
    assert role_of("charlie@example.com", cast.alice.organization) == "admin"


def test_sending_again_ends_the_link_before_and_revoking_ends_it_all(
    cast: Cast, as_: As, client: Client, invite: Callable[..., str], commit: Callable[..., object]
) -> None:
    first = invite(cast.alice)
    row = Invitation.objects.of(cast.alice).get()
    Invitation.unscoped.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(first).status_code == 404
    alice = as_(cast.alice)
    assert "Expired" in alice.get("/team/invitations/").content.decode()
    with commit(execute=True):  # type: ignore[attr-defined]
        alice.post(f"/team/invitations/{row.pk}/again/")
    second = link()
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    alice.post(f"/team/invitations/{row.pk}/revoke/")
    assert client.get(second).status_code == 404
    assert client.post(second, NEW).status_code == 404
    assert alice.post(f"/team/invitations/{row.pk}/again/").status_code == 404
    assert "Nobody is waiting" in alice.get("/team/invitations/").content.decode()


@pytest.mark.parametrize("what", ["again", "revoke"])
def test_an_invitation_is_for_its_organizations_admins(
    cast: Cast, as_: As, invite: Callable[..., str], what: str
) -> None:
    invite(cast.alice, role="owner")
    path = f"/team/invitations/{Invitation.objects.of(cast.alice).get().pk}/{what}/"
    assert as_(cast.charlie).post(path).status_code == 404
    assert as_(cast.bob).post(path).status_code == 403
    page = as_(cast.bob_as(Role.ADMIN)).post(path, follow=True).content.decode()
    assert "cannot make somebody an owner" in page
    row = Invitation.objects.of(cast.alice).get()
    assert row.open
    assert len(mail.outbox) == 1


def test_an_unreachable_mail_server_is_said(cast: Cast, as_: As, commit: Callable[..., object], settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    client = as_(cast.alice)
    with commit(execute=True):  # type: ignore[attr-defined]
        answer = client.post("/team/invitations/", {"emails": "dora@example.com", "role": "viewer"})
    assert answer.status_code == 302
    assert "Not sent" in client.get("/team/invitations/").content.decode()


def test_two_hundred_an_hour(cast: Cast, as_: As) -> None:
    client = as_(cast.alice)
    for batch in range(4):
        emails = " ".join(f"p{batch}-{number}@example.com" for number in range(50))
        assert client.post("/team/invitations/", {"emails": emails, "role": "viewer"}).status_code == 302
    answer = client.post("/team/invitations/", {"emails": "last@example.com", "role": "viewer"})
    assert answer.status_code == 409
    assert "200 invitations were sent in the last hour" in answer.content.decode()
    assert not Invitation.unscoped.filter(email="last@example.com").exists()


def test_who_accepts_is_put_into_the_teams(cast: Cast, as_: As, commit: Callable[..., Any]) -> None:
    first, second, gone, theirs = (
        create_team(actor, name=name)
        for actor, name in ((cast.alice, "EU"), (cast.alice, "US"), (cast.alice, "Gone"), (cast.charlie, "Theirs"))
    )
    client = as_(cast.alice)
    sent = {"emails": "dora@example.com", "role": "editor"}
    refused = client.post("/team/invitations/", sent | {"teams": [str(theirs.pk)]})
    assert refused.status_code == 400
    assert "dora@example.com" in refused.content.decode(), "what was typed is still there"
    assert not Invitation.unscoped.exists()
    with commit(execute=True):
        client.post("/team/invitations/", sent | {"teams": [str(first.pk), str(second.pk), str(gone.pk)]})
    assert "EU, Gone, US" in client.get("/team/invitations/").content.decode().replace("US, Gone", "Gone, US")
    gone.delete()
    Client().post(link(), NEW)
    places = TeamPlace.unscoped.filter(membership__user__email="dora@example.com").order_by("pk")
    assert {place.team.name for place in places} == {"EU", "US"}
    assert [place.spends for place in places].count(True) == 1
