"""Presets copied into another of one's organizations."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.access.actor import Actor, member_actor
from accounts.access.permissions import Role
from accounts.actions.teams import create_team
from accounts.models import AuditEntry, Membership, Organization
from processing.actions.presets import save_preset
from processing.models import Preset
from tests.support.cast import Cast

As = Callable[[Actor], Client]
STEPS = [{"operation": "process", "parameters": {"width": 300}}]


@pytest.fixture
def bob_there(cast: Cast) -> Actor:
    """Bob is an editor of Charlie's shop too."""
    assert cast.bob.user
    Membership.unscoped.create(organization=cast.charlie.organization, user=cast.bob.user, role=Role.EDITOR)
    return member_actor(cast.bob.user, cast.charlie.organization, Role.EDITOR)


def titles(organization: Organization) -> list[tuple[str, str]]:
    return list(Preset.unscoped.filter(organization=organization).order_by("slug").values_list("title", "slug"))


def test_presets_and_recipes_arrive_with_a_number_where_the_name_is_taken(
    cast: Cast, as_: As, bob_there: Actor
) -> None:
    one = save_preset(cast.bob, title="Main", parameters={"width": 10})
    two = save_preset(cast.bob, title="Steps", operation="recipe", parameters={"steps": STEPS})
    save_preset(cast.charlie, title="Main", parameters={"width": 1})
    save_preset(cast.charlie, title="Main 2", parameters={"width": 2})
    bob, there = as_(cast.bob), str(bob_there.organization.pk)
    page = bob.get("/presets/").content.decode()
    assert "Copy to another organization" in page
    chosen = {"preset": [str(one.pk), str(two.pk)]}
    page = bob.get("/presets/copy/", chosen).content.decode()
    assert "Main 3" in page
    assert "Copy 2 there" in page
    assert "The name is taken there" in page
    assert Preset.unscoped.count() == 4, "looking copies nothing"
    team = create_team(cast.charlie, name="Theirs")
    refused = bob.post("/presets/copy/", chosen | {"to": there, "team": str(team.pk)})
    assert refused.status_code == 400
    assert "Choose one of your teams there" in refused.content.decode()
    assert Preset.unscoped.count() == 4
    answer = bob.post("/presets/copy/", chosen | {"to": there}, follow=True)
    assert "2 copied to Charlie" in answer.content.decode()
    assert titles(bob_there.organization) == [
        ("Main", "main"), ("Main 2", "main-2"), ("Main 3", "main-3"), ("Steps", "steps"),
    ]  # fmt: skip
    copy = Preset.unscoped.get(organization=bob_there.organization, slug="main-3")
    assert (copy.parameters, copy.created_by, copy.team) == ({"width": 10}, cast.bob.user, None)
    here = AuditEntry.objects.of(cast.alice).filter(action="preset.copied")
    assert sorted(entry.details["as"] for entry in here) == ["Main 3", "Steps"]
    arrived = AuditEntry.objects.of(cast.charlie).filter(details__copied_from="Alice's shop")
    assert arrived.filter(action="preset.created").count() == 2
    assert titles(cast.alice.organization) == [("Main", "main"), ("Steps", "steps")]


def test_what_is_not_valid_any_more_stays_and_is_named(cast: Cast, as_: As, bob_there: Actor) -> None:
    good = save_preset(cast.bob, title="Good", parameters={"width": 10})
    bad = save_preset(cast.bob, title="Old model", parameters={"width": 10})
    Preset.unscoped.filter(pk=bad.pk).update(parameters={"model": "of-yesterday"})
    bob = as_(cast.bob)
    chosen = {"preset": [str(good.pk), str(bad.pk)], "to": str(bob_there.organization.pk)}
    assert "Stays here" in bob.get("/presets/copy/", chosen).content.decode()
    answer = bob.post("/presets/copy/", chosen, follow=True).content.decode()
    assert "Not copied: Old model." in answer
    assert titles(bob_there.organization) == [("Good", "good")]


def test_only_where_one_may_write_presets_on_both_sides(cast: Cast, as_: As, bob_there: Actor) -> None:
    own = save_preset(cast.bob, title="Main", parameters={"width": 10})
    bob, chosen = as_(cast.bob), {"preset": [str(own.pk)]}
    there = {"to": str(bob_there.organization.pk)}
    Membership.unscoped.filter(organization=bob_there.organization, user=cast.bob.user).update(role=Role.VIEWER)
    assert "There is nowhere to copy to" in bob.get("/presets/copy/", chosen).content.decode()
    assert bob.post("/presets/copy/", chosen | there).status_code == 400
    Membership.unscoped.filter(organization=bob_there.organization, user=cast.bob.user).update(role=Role.EDITOR)
    Organization.objects.filter(pk=bob_there.organization.pk).update(two_factor_required=True)
    assert bob.post("/presets/copy/", chosen | there).status_code == 400, "he could not open it either"
    Organization.objects.filter(pk=bob_there.organization.pk).update(two_factor_required=False)
    assert as_(cast.alice).post("/presets/copy/", chosen | there).status_code == 400
    cast.bob_as(Role.VIEWER)
    assert bob.post("/presets/copy/", chosen | there).status_code == 403
    cast.bob_as(Role.EDITOR)
    theirs = save_preset(cast.charlie, title="Theirs", parameters={"width": 10})
    answer = bob.post("/presets/copy/", {"preset": [str(theirs.pk)]} | there, follow=True).content.decode()
    assert "Nothing was copied" in answer
    hidden = create_team(cast.alice, name="Closed")
    Preset.unscoped.filter(pk=own.pk).update(team=hidden)
    bob.post("/presets/copy/", chosen | there)
    assert titles(bob_there.organization) == [("Theirs", "theirs")]
    assert bob.post("/presets/copy/", {"preset": ["nonsense"]} | there).status_code == 400
