"""Teams: making, renaming, deleting; members and leads."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.access.actor import Actor
from accounts.actions.teams import create_team, set_place
from accounts.models import AuditEntry, Membership, Team, TeamPlace
from tests.support.cast import Cast

As = Callable[[Actor], Client]


def people(team: Team) -> dict[str, bool]:
    return dict(TeamPlace.unscoped.filter(team=team).values_list("membership__user__email", "lead"))


def test_a_team_from_its_making_to_its_end(cast: Cast, as_: As) -> None:
    client = as_(cast.alice)
    assert "No teams yet" in client.get("/team/teams/").content.decode()
    answer = client.post("/team/teams/", {"name": " EU  shop "}, follow=True)
    team = Team.objects.of(cast.alice).get()
    assert team.name == "EU shop"
    assert "Nobody is in this team yet" in answer.content.decode()
    assert answer.content.decode().count('name="name"') == 1
    path = f"/team/teams/{team.pk}/"
    client.post(f"{path}place/", {"email": "BOB@example.com", "lead": "on"})
    client.post(f"{path}place/", {"email": "victor@example.com"})
    assert people(team) == {"bob@example.com": True, "victor@example.com": False}
    client.post(f"{path}place/", {"email": "bob@example.com"})
    assert people(team)["bob@example.com"] is False
    members = client.get(f"/team/?team={team.pk}").content.decode()
    assert "Showing 1-2 of 2" in members
    assert "EU shop" in members
    assert "Nobody matches" in client.get("/team/?team=nonsense").content.decode()
    client.post(path, {"name": "US shop"})
    victor = Membership.objects.of(cast.alice).get(user=cast.victor.user)
    client.post(f"{path}remove/{victor.pk}/")
    assert list(people(team)) == ["bob@example.com"]
    client.post(f"{path}delete/")
    assert not Team.unscoped.exists()
    assert Membership.objects.of(cast.alice).count() == 3
    done = AuditEntry.objects.of(cast.alice).filter(action__startswith="team.").order_by("pk")
    assert [entry.action.removeprefix("team.") for entry in done] == [
        "created", "member_added", "member_added", "lead_changed", "renamed", "member_removed", "deleted",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["", "x" * 61, "eu SHOP"], ids=["empty", "long", "taken"])
def test_a_wrong_name_is_refused_at_its_field(cast: Cast, as_: As, name: str) -> None:
    create_team(cast.alice, name="EU shop")
    other = create_team(cast.alice, name="Other")
    client = as_(cast.alice)
    for path in ("/team/teams/", f"/team/teams/{other.pk}/"):
        answer = client.post(path, {"name": name})
        assert answer.status_code == 400
        assert "field__error" in answer.content.decode()
    assert sorted(Team.unscoped.values_list("name", flat=True)) == ["EU shop", "Other"]
    create_team(cast.charlie, name="EU shop")


def test_only_members_are_put_into_a_team(cast: Cast, as_: As) -> None:
    team = create_team(cast.alice, name="EU shop")
    for email in ("charlie@example.com", "nobody", ""):
        answer = as_(cast.alice).post(f"/team/teams/{team.pk}/place/", {"email": email})
        assert answer.status_code == 400
        assert "field__error" in answer.content.decode()
    assert people(team) == {}


def test_a_lead_chooses_who_is_in_and_nothing_else(cast: Cast, as_: As) -> None:
    team = create_team(cast.alice, name="EU shop")
    path = f"/team/teams/{team.pk}/"
    bob = as_(cast.bob)
    assert bob.post(f"{path}place/", {"email": "bob@example.com", "lead": "on"}).status_code == 403
    set_place(cast.alice, team_id=team.pk, email="bob@example.com", lead=True)
    assert bob.post(f"{path}place/", {"email": "victor@example.com"}).status_code == 302
    assert bob.post(path, {"name": "Mine"}).status_code == 403
    assert bob.post(f"{path}delete/").status_code == 403
    assert bob.post("/team/teams/", {"name": "Mine"}).status_code == 403
    victor = as_(cast.victor)
    page = victor.get(path).content.decode()
    assert "Put somebody into the team" not in page
    own = Membership.objects.of(cast.alice).get(user=cast.bob.user)
    assert victor.post(f"{path}remove/{own.pk}/").status_code == 403
    for what, method in (("", "get"), ("place/", "post"), (f"remove/{own.pk}/", "post"), ("delete/", "post")):
        assert getattr(as_(cast.charlie), method)(f"{path}{what}").status_code == 404
    assert people(team) == {"bob@example.com": True, "victor@example.com": False}
    assert Team.objects.of(cast.alice).get().name == "EU shop"


def test_who_is_removed_leaves_the_teams_too(cast: Cast, as_: As) -> None:
    team = create_team(cast.alice, name="EU shop")
    set_place(cast.alice, team_id=team.pk, email="bob@example.com", lead=True)
    own = Membership.objects.of(cast.alice).get(user=cast.bob.user)
    as_(cast.alice).post(f"/team/members/{own.pk}/remove/")
    assert people(team) == {}


def test_teams_are_searched_by_name(cast: Cast, as_: As) -> None:
    for name in ("EU shop", "US shop", "Outlet"):
        create_team(cast.alice, name=name)
    client = as_(cast.victor)
    found = client.get("/team/teams/?q=SHOP").context["teams"]
    assert [team.name for team in found] == ["EU shop", "US shop"]
    part = client.get("/team/teams/?q=zzz", headers={"HX-Request": "true"}).content.decode()
    assert "No team matches" in part
    assert "<nav" not in part
