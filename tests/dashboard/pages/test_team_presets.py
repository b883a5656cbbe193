"""Presets of a team: who sees and uses them, and what becomes of them when the team goes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.access.actor import Actor
from accounts.access.credentials import actor_for_key
from accounts.access.permissions import Role
from accounts.actions.budgets import set_key_budget
from accounts.actions.teams import create_team, set_place
from accounts.kit.errors import InvalidInput
from accounts.models import ApiKey, AuditEntry, Team
from processing.actions.presets import save_preset
from processing.models import Preset
from processing.queries.presets import preset_parameters
from tests.support.cast import Cast

As = Callable[[Actor], Client]
STEPS = [{"operation": "process", "parameters": {"width": 300}}]


@pytest.fixture
def team(cast: Cast) -> Team:
    """Bob is in it, Victor is not."""
    found = create_team(cast.alice, name="EU shop")
    set_place(cast.alice, team_id=found.pk, email="bob@example.com", lead=False)
    return found


def test_a_member_gives_a_preset_and_a_recipe_to_their_team(cast: Cast, as_: As, team: Team) -> None:
    bob = as_(cast.bob)
    assert "The team EU shop" in bob.get("/presets/new/").content.decode()
    bob.post("/presets/new/", {"title": "EU main", "width": "800", "team": str(team.pk)})
    recipe = {"title": "EU steps", "step": "s0", "s0-operation": "process", "s0-width": "300", "team": str(team.pk)}
    bob.post("/presets/recipes/new/", recipe)
    assert set(Preset.unscoped.values_list("slug", "team__name")) == {("eu-main", "EU shop"), ("eu-steps", "EU shop")}
    assert AuditEntry.objects.of(cast.alice).filter(action="preset.created", details__team="EU shop").count() == 2
    for actor in (cast.alice, cast.bob):
        page = as_(actor).get("/presets/").content.decode()
        assert "eu-main" in page
        assert "eu-steps" in page
        assert "EU main" in as_(actor).get("/studio/").content.decode()


def test_who_is_not_in_the_team_neither_sees_nor_uses_it(cast: Cast, as_: As, team: Team) -> None:
    kept = save_preset(cast.alice, title="EU main", parameters={"width": 800}, team_id=team.pk)
    recipe = save_preset(cast.alice, title="EU steps", operation="recipe", parameters={"steps": STEPS}, team_id=team.pk)
    cast.bob_as(Role.VIEWER)
    assert "eu-main" in as_(cast.bob).get("/presets/").content.decode(), "a viewer of the team looks at it"
    victor = as_(cast.victor)
    for path in ("/presets/", "/studio/", f"/presets/?team={team.pk}", "/presets/?q=eu"):
        assert "eu-main" not in victor.get(path).content.decode(), path
    set_place(cast.alice, team_id=team.pk, email="victor@example.com", lead=False)
    assert preset_parameters(cast.victor, "eu-main", operation="process") == {"width": 800}
    # An editor outside of the team: neither reading, nor changing, nor running.
    outside = cast.bob_as(Role.EDITOR)
    other = create_team(cast.alice, name="US shop")
    Preset.unscoped.update(team=other)
    bob = as_(outside)
    for path in (f"/presets/{kept.pk}/", f"/presets/recipes/{recipe.pk}/", "/presets/new/?from=eu-main"):
        assert bob.get(path).status_code == 404, path
    for path in (f"/presets/{kept.pk}/", f"/presets/{kept.pk}/delete/", f"/presets/recipes/{recipe.pk}/"):
        assert bob.post(path, {"title": "Mine", "step": "s0", "s0-operation": "process"}).status_code == 404, path
    with pytest.raises(InvalidInput, match="There is no preset eu-main"):
        preset_parameters(outside, "eu-main", operation="process")
    assert set(Preset.unscoped.values_list("title", flat=True)) == {"EU main", "EU steps"}


def test_a_name_is_taken_once_in_the_organization_and_no_other_team_is_chosen(cast: Cast, as_: As, team: Team) -> None:
    other = create_team(cast.alice, name="US shop")
    save_preset(cast.alice, title="US main", parameters={"width": 800}, team_id=other.pk)
    own = save_preset(cast.bob, title="Mine", parameters={"width": 10}, team_id=team.pk)
    bob = as_(cast.bob)
    answer = bob.post("/presets/new/", {"title": "US main", "width": "20"})
    assert answer.status_code == 400
    assert "A team that you are not in has a preset" in answer.content.decode()
    for wrong in (str(other.pk), "nonsense", "01900000-0000-7000-8000-00000000dead"):
        for path in ("/presets/new/", f"/presets/{own.pk}/"):
            answer = bob.post(path, {"title": "Other", "width": "20", "team": wrong})
            assert answer.status_code == 400
            assert set(answer.context["form"].errors) == {"team"}
        steps = {"title": "Other", "step": "s0", "s0-operation": "process", "team": wrong}
        answer = bob.post("/presets/recipes/new/", steps)
        assert answer.status_code == 400
        assert "Choose one of your teams, or everybody." in answer.content.decode()
    assert dict(Preset.unscoped.values_list("title", "team__name")) == {"US main": "US shop", "Mine": "EU shop"}
    bob.post(f"/presets/{own.pk}/", {"title": "Mine", "width": "20"})
    own.refresh_from_db()
    assert own.team is None
    changed = AuditEntry.objects.of(cast.alice).get(action="preset.changed")
    assert (changed.details["before"], changed.details["after"]) == ({"team": "EU shop"}, {"team": ""})


def test_a_key_reaches_as_far_as_its_team_or_its_maker(cast: Cast, team: Team) -> None:
    other = create_team(cast.alice, name="US shop")
    save_preset(cast.alice, title="EU main", parameters={"width": 1}, team_id=team.pk)
    save_preset(cast.alice, title="US main", parameters={"width": 2}, team_id=other.pk)
    save_preset(cast.alice, title="Ours", parameters={"width": 3})
    key = cast.key()

    def reached() -> set[str]:
        found = set()
        for slug in ("eu-main", "us-main", "ours"):
            try:
                found.add(slug) if preset_parameters(actor_for_key(key), slug, operation="process") else None
            except InvalidInput:
                continue
        return found

    assert reached() == {"eu-main", "us-main", "ours"}
    row = ApiKey.unscoped.get()
    set_key_budget(cast.alice, key_id=row.pk, team_id=team.pk, soft=None, hard=None)
    assert reached() == {"eu-main", "ours"}, "a team's key is that team's alone, whoever made it"
    set_key_budget(cast.alice, key_id=row.pk, team_id=None, soft=None, hard=None)
    ApiKey.unscoped.update(maker=cast.bob.user)
    assert reached() == {"eu-main", "ours"}


def test_a_deleted_team_leaves_its_presets_to_everybody(cast: Cast, as_: As, team: Team) -> None:
    save_preset(cast.bob, title="EU main", parameters={"width": 800}, team_id=team.pk)
    path = f"/team/teams/{team.pk}/"
    alice = as_(cast.alice)
    assert "Its preset is everybody" in alice.get(path).content.decode()
    assert as_(cast.bob).post(f"{path}delete/").status_code == 403
    assert "eu-main" not in as_(cast.victor).get("/presets/").content.decode()
    assert "preset is everybody" in alice.post(f"{path}delete/", follow=True).content.decode()
    assert not Team.unscoped.exists()
    assert "eu-main" in as_(cast.victor).get("/presets/").content.decode()
    passed = AuditEntry.objects.of(cast.alice).get(action="preset.passed_on")
    assert passed.details["before"] == {"team": "EU shop"}


def test_presets_are_searched_and_filtered(cast: Cast, as_: As, team: Team) -> None:
    save_preset(cast.bob, title="EU main", parameters={"width": 800}, team_id=team.pk)
    save_preset(cast.bob, title="Ours", parameters={"width": 800})
    bob = as_(cast.bob)

    def shown(query: str) -> list[str]:
        return [card["preset"].title for card in bob.get(f"/presets/{query}").context["own"]]

    assert shown("") == ["EU main", "Ours"]
    assert shown("?q=our") == ["Ours"]
    assert shown("?team=none") == ["Ours"]
    assert shown(f"?team={team.pk}") == ["EU main"]
    assert shown("?team=nonsense") == []
    assert "No preset matches" in bob.get("/presets/?q=zzz").content.decode()
    part = bob.get("/presets/?q=our", headers={"HX-Request": "true"}).content.decode()
    assert "Built in" not in part
