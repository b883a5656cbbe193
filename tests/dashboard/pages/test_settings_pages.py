"""Settings: profile, organization, sessions; a link into another of one's organizations."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.access.actor import Actor
from accounts.access.permissions import Role
from accounts.actions.api_keys import create_api_key
from accounts.models import AuditEntry, Membership, Organization, User
from tests.support.cast import PASSWORD, Cast

As = Callable[[Actor], Client]


def signed_in(email: str = "alice@example.com") -> Client:
    client = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux) Firefox/140.0"})
    client.post("/accounts/login/", {"login": email, "password": PASSWORD})
    return client


def test_a_profile_is_saved_and_recorded(cast: Cast, as_: As) -> None:
    client = as_(cast.victor)
    answer = client.post("/settings/", {"name": "  Vic  Tor ", "time_zone": "Asia/Tokyo"}, follow=True)
    assert "Your profile is saved." in answer.content.decode()
    user = User.objects.get(email="victor@example.com")
    assert (user.name, user.time_zone) == ("Vic Tor", "Asia/Tokyo")
    entry = AuditEntry.objects.of(cast.alice).get(action="profile.changed")
    assert entry.details["after"] == {"name": "Vic Tor", "time_zone": "Asia/Tokyo"}


@pytest.mark.parametrize("sent", [{"name": "x" * 151}, {"name": "V", "time_zone": "Mars/Base"}], ids=["name", "zone"])
def test_a_wrong_profile_is_refused_at_its_field(cast: Cast, as_: As, sent: dict[str, str]) -> None:
    answer = as_(cast.victor).post("/settings/", sent)
    assert answer.status_code == 400
    assert "field__error" in answer.content.decode()
    assert User.objects.get(email="victor@example.com").name == "Victor"


def test_an_owner_renames_the_organization(cast: Cast, as_: As) -> None:
    client = as_(cast.alice)
    client.post("/settings/organization/", {"name": "Mugs & more", "slug": "Mugs"})
    there = Organization.objects.get(pk=cast.alice.organization.pk)
    assert (there.name, there.slug) == ("Mugs & more", "mugs")
    assert (
        AuditEntry.objects.of(cast.alice).get(action="organization.changed").details["before"]["slug"] == "alices-shop"
    )
    for slug in ("charlies-shop", "_public", "-a-", "a b", "x"):
        answer = client.post("/settings/organization/", {"name": "Mugs", "slug": slug})
        assert answer.status_code == 400, slug
        assert "field__error" in answer.content.decode()
    assert Organization.objects.get(pk=there.pk).name == "Mugs & more"


@pytest.mark.parametrize("role", [Role.ADMIN, Role.EDITOR, Role.VIEWER])
def test_others_read_its_name_alone(cast: Cast, as_: As, role: Role) -> None:
    client = as_(cast.bob_as(role))
    page = client.get("/settings/organization/").content.decode()
    assert "Owners can change this." in page
    assert "Save the organization" not in page
    assert client.post("/settings/organization/", {"name": "Mine", "slug": "mine"}).status_code == 403


def test_signing_out_everywhere_else(cast: Cast, as_: As) -> None:
    here, there, unlisted = signed_in(), signed_in(), as_(cast.alice)
    page = here.get("/settings/sessions/").content.decode()
    assert page.count("Firefox on Linux") == 2
    assert "This browser" in page
    answer = here.post("/settings/sessions/", follow=True)
    page = answer.content.decode()
    assert "You are signed out everywhere else." in page
    assert page.count("Firefox on Linux") == 1
    for other in (there, unlisted):
        assert other.get("/settings/").status_code == 302
    assert here.get("/settings/").status_code == 200
    assert signed_in().get("/settings/").status_code == 200
    assert signed_in("bob@example.com").get("/settings/sessions/").content.decode().count("Firefox") == 1
    assert AuditEntry.objects.of(cast.alice).filter(action="sessions.ended").count() == 1


def test_a_link_into_another_of_ones_organizations_offers_to_switch(cast: Cast, as_: As) -> None:
    key, _ = create_api_key(cast.charlie, name="Theirs", scopes=["*"])
    path = f"/api-keys/{key.pk}/"
    client = as_(cast.alice)
    stranger = client.get(path)
    assert stranger.status_code == 404
    assert "Charlie" not in stranger.content.decode()
    assert cast.alice.user
    Membership.unscoped.create(organization=cast.charlie.organization, user=cast.alice.user, role="admin")
    page = client.get(path)
    assert page.status_code == 404
    assert "Switch to Charlie" in page.content.decode()
    where = {"organization": str(cast.charlie.organization.pk)}
    assert client.post("/organizations/switch/", where | {"next": path})["Location"] == path
    assert client.get(path).status_code == 200
    for elsewhere in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        assert client.post("/organizations/switch/", where | {"next": elsewhere})["Location"] == "/"
