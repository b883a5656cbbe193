"""Budgets on the pages of a team, of a key, and of the credits."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.access.actor import Actor
from accounts.actions import credits
from accounts.actions.api_keys import create_api_key
from accounts.actions.teams import create_team, set_place
from accounts.models import ApiKey, Budget, TeamPlace
from tests.support.cast import Cast

As = Callable[[Actor], Client]


def test_a_teams_budget_from_its_first_limit_to_none(cast: Cast, as_: As) -> None:
    team = create_team(cast.alice, name="EU shop")
    set_place(cast.alice, team_id=team.pk, email="bob@example.com", lead=True)
    client, path = as_(cast.alice), f"/team/teams/{team.pk}/"
    assert "This team has no budget" in client.get(path).content.decode()
    client.post(f"{path}budget/", {"soft": "5", "hard": "10"})
    credits.reserve(cast.bob, amount=6, job_id=uuid.uuid4())
    page = client.get(path).content.decode()
    assert "6 of 10 credits this month" in page
    assert "Over the mark" in page
    assert 'value="10"' in page
    overview = as_(cast.victor).get("/credits/").content.decode()
    assert "6 of 10 credits this month" in overview
    assert "EU shop" in overview
    client.post(f"{path}budget/", {"soft": "", "hard": ""})
    assert not Budget.unscoped.exists()


@pytest.mark.parametrize(
    ("soft", "hard", "words"),
    [("a few", "", "whole number such as 2000"), ("9", "5", "cannot be above the limit"), ("", "-1", "from 0 to")],
    ids=["words", "mark above limit", "negative"],
)
def test_a_wrong_budget_is_refused_and_keeps_what_was_typed(
    cast: Cast, as_: As, soft: str, hard: str, words: str
) -> None:
    team = create_team(cast.alice, name="EU shop")
    row, _ = create_api_key(cast.alice, name="Import", scopes=["*"])
    for path in (f"/team/teams/{team.pk}/budget/", f"/api-keys/{row.pk}/budget/"):
        answer = as_(cast.alice).post(path, {"soft": soft, "hard": hard})
        assert answer.status_code == 400
        page = answer.content.decode()
        assert words in page
        assert f'value="{soft or hard}"' in page
    assert not Budget.unscoped.exists()


def test_a_keys_team_and_budget(cast: Cast, as_: As) -> None:
    team = create_team(cast.alice, name="EU shop")
    theirs = create_team(cast.charlie, name="Theirs")
    row, _ = create_api_key(cast.alice, name="Import", scopes=["*"])
    client, path = as_(cast.alice), f"/api-keys/{row.pk}/"
    assert "Theirs" not in client.get(path).content.decode()
    assert client.post(f"{path}budget/", {"team": str(theirs.pk), "hard": "5"}).status_code == 400
    client.post(f"{path}budget/", {"team": str(team.pk), "hard": "5"})
    row.refresh_from_db()
    assert (row.team_id, Budget.unscoped.get().hard) == (team.pk, 5)
    assert "0 of 5 credits this month" in client.get(path).content.decode()
    client.post(f"{path}budget/", {"team": "", "hard": "5"})
    assert ApiKey.unscoped.get(pk=row.pk).team_id is None


def test_the_team_that_a_member_spends_from(cast: Cast, as_: As) -> None:
    first, second = (create_team(cast.alice, name=name) for name in ("EU shop", "US shop"))
    places = [set_place(cast.alice, team_id=team.pk, email="bob@example.com", lead=False) for team in (first, second)]
    path = f"/team/teams/{second.pk}/"
    assert "Spends from another team" in as_(cast.victor).get(path).content.decode()
    assert "spends-" not in as_(cast.victor).get(path).content.decode()
    as_(cast.alice).post(f"{path}spends/{places[1].membership_id}/")
    assert TeamPlace.unscoped.get(spends=True).team_id == second.pk
    assert "Spends from another team" not in as_(cast.victor).get(path).content.decode()
