"""500 members and 200 teams cost as many queries as a handful of each, on every page that lists or offers them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.access.permissions import Role
from accounts.models import (
    ApiKey,
    Approval,
    AuditEntry,
    Budget,
    BudgetMonth,
    Invitation,
    Membership,
    Organization,
    Team,
    TeamPlace,
    User,
)
from integrations.models import Connection
from integrations.models.connection import sealed
from processing.models import Preset
from tests.support.cast import Cast

As = Callable[[Actor], Client]
_STEPS = [{"operation": "process", "parameters": {"width": 300}}]


def grow(cast: Cast, *, members: int, teams: int) -> None:
    """So many more of each, and of what belongs to them. Everybody is in a team, Bob is in all of them."""
    there, owner = cast.alice.organization, cast.alice.user
    assert owner is not None
    mark = uuid.uuid4().hex[:6]
    users = User.objects.bulk_create(User(email=f"{mark}{n}@example.com", name=f"P {n}") for n in range(members))
    rows = Membership.unscoped.bulk_create(Membership(organization=there, user=one, role=Role.VIEWER) for one in users)
    made = Team.unscoped.bulk_create(Team(organization=there, name=f"Team {mark} {n:03}") for n in range(teams))
    bob = Membership.objects.of(cast.alice).get(user=cast.bob.user)
    TeamPlace.unscoped.bulk_create(
        [TeamPlace(organization=there, team=made[n % teams], membership=row) for n, row in enumerate(rows)]
        + [TeamPlace(organization=there, team=team, membership=bob) for team in made]
    )
    soon = timezone.now() + timedelta(days=3)
    invitations = Invitation.unscoped.bulk_create(
        Invitation(organization=there, email=f"i{mark}{n}@example.com", role=Role.EDITOR, digest=uuid.uuid4().hex,
                   invited_by=owner, expires_at=soon)
        for n in range(teams)
    )  # fmt: skip
    Invitation.teams.through.objects.bulk_create(
        Invitation.teams.through(invitation_id=one.pk, team_id=team.pk)
        for one in invitations for team in made[:2]
    )  # fmt: skip
    keys = ApiKey.unscoped.bulk_create(
        ApiKey(organization=there, name=f"Key {n}", prefix="ps_live_x", digest=uuid.uuid4().hex, scopes=["*"],
               maker=users[n], team=made[n % teams])
        for n in range(members)
    )  # fmt: skip
    budgets = Budget.unscoped.bulk_create(
        [Budget(organization=there, team=team, hard=100) for team in made]
        + [Budget(organization=there, api_key=key, soft=100) for key in keys[:teams]]
    )
    month = timezone.now().date().replace(day=1)
    BudgetMonth.unscoped.bulk_create(
        BudgetMonth(organization=there, budget=budget, month=month, spent=5) for budget in budgets
    )
    AuditEntry.unscoped.bulk_create(
        AuditEntry(organization=there, action="member.removed", target_kind="member", target_id=str(n), user=one,
                   credential="session", details={"email": one.email})
        for n, one in enumerate(users)
    )  # fmt: skip
    Approval.unscoped.bulk_create(
        Approval(organization=there, kind="job", target_id=uuid.uuid4(), title="T", asked_by=one, api_key=keys[n],
                 expires_at=soon, status=status, decided_by=owner)
        for n, one in enumerate(users) for status in ("pending", "refused")
    )  # fmt: skip
    Connection.unscoped.bulk_create(
        Connection(organization=there, marketplace="woocommerce", name=f"S {n}", address=f"https://{mark}{n}.example",
                   credentials=sealed({}), masked="x", maker=users[n % members], team=team)
        for n, team in enumerate(made)
    )  # fmt: skip
    Preset.unscoped.bulk_create(
        Preset(organization=there, slug=f"p-{mark}-{n}-{operation}", title=f"P {mark} {n} {operation}", team=team,
               operation=operation, parameters=parameters)
        for n, team in enumerate(made) for operation, parameters in (("process", {}), ("recipe", {"steps": _STEPS}))
    )  # fmt: skip
    others = Organization.objects.bulk_create(
        Organization(name=f"O {mark} {n}", slug=f"o-{mark}-{n}") for n in range(teams // 4 + 1)
    )
    Membership.unscoped.bulk_create(
        Membership(organization=each, user=person, role=Role.EDITOR)
        for each in others for person in (cast.alice.user, cast.bob.user)
    )  # fmt: skip


@pytest.mark.slow
def test_pages_cost_the_same_queries_however_many_people_and_teams(cast: Cast, as_: As) -> None:
    clients = {"alice": as_(cast.alice), "bob": as_(cast.bob)}
    grow(cast, members=3, teams=3)
    bob = Membership.objects.of(cast.alice).get(user=cast.bob.user)
    key, team, shop = (model.unscoped.earliest("pk") for model in (ApiKey, Team, Connection))
    recipe, preset = (Preset.unscoped.filter(operation=name).earliest("pk") for name in ("recipe", "process"))
    paths = [
        "/", "/team/", "/team/?q=p", f"/team/?team={team.pk}", "/team/teams/", f"/team/teams/{team.pk}/",
        "/team/roles/", f"/team/members/{bob.pk}/", "/approvals/", "/credits/", "/usage/", "/integrations/",
        "/integrations/connect/woocommerce/", f"/integrations/{shop.pk}/", "/presets/", "/presets/new/",
        f"/presets/{preset.pk}/", f"/presets/recipes/{recipe.pk}/", f"/presets/copy/?preset={preset.pk}", "/studio/",
        "/library/", "/jobs/", "/organizations/", "/settings/",
    ]  # fmt: skip
    of_owners = [
        "/team/invitations/", "/audit/", "/api-keys/?whole", "/api-keys/rows/", f"/api-keys/{key.pk}/", "/webhooks/",
        "/reviews/", "/settings/organization/",
    ]  # fmt: skip

    of_members = [
        "/", "/approvals/", "/integrations/", "/integrations/connect/woocommerce/", "/presets/", "/presets/new/",
        "/studio/", "/organizations/",
    ]  # fmt: skip
    wanted = [("alice", path) for path in (*paths, *of_owners)] + [("bob", path) for path in of_members]

    def counted() -> dict[tuple[str, str], int]:
        found = {}
        for who, path in wanted:
            with CaptureQueriesContext(connection) as queries:
                answer = clients[who].get(path)
            assert answer.status_code == 200, (who, path, answer.status_code)
            found[who, path] = len(queries)
        return found

    clients["alice"].get("/webhooks/")  # makes the default secret
    clients["alice"].get("/credits/")  # adds up what is stored, for ten minutes
    few = counted()
    grow(cast, members=497, teams=197)
    many = counted()
    assert "Showing 1-50 of 503" in clients["alice"].get("/team/").content.decode()
    assert "Showing 1-100 of 500" in clients["alice"].get("/api-keys/rows/").content.decode()
    assert {each: (few[each], many[each]) for each in wanted if many[each] != few[each]} == {}
