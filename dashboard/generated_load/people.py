"""The organization, its members, teams, keys, presets: few enough to be made row by row."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.access.permissions import Role
from accounts.actions.organizations import create_organization
from accounts.kit import encryption, webhook_signatures
from accounts.models import (
    ApiKey,
    Approval,
    Budget,
    BudgetMonth,
    Invitation,
    Membership,
    Team,
    TeamPlace,
    User,
    WebhookEndpoint,
)
from dashboard.generated_load.sizes import Sizes
from integrations.models import Connection
from integrations.models.connection import sealed
from processing.models import ComplianceProfile, ComplianceProfileVersion, Preset

LABELS = [f"{season} {year} {line}" for season in ("Spring", "Autumn") for year in (2025, 2026)
          for line in ("mugs", "bowls", "lamps", "shoes", "shirts", "bags", "chairs", "knives")]  # fmt: skip
_KINDS = ("woocommerce", "shopify", "amazon")
_ROLES = [role for role in Role if role is not Role.OWNER]


@dataclass(frozen=True, slots=True)
class People:
    """The owner, and the ids of what belongs to the organization."""

    owner: Actor
    users: list[int]
    keys: list[uuid.UUID]
    connections: list[uuid.UUID]
    endpoints: list[uuid.UUID]


def make_people(owner: User, *, name: str, sizes: Sizes) -> People:
    actor = create_organization(owner, name=name, credit_grant=0)
    users = _members(actor, sizes)
    teams = _teams(actor, sizes)
    keys = _keys(actor, sizes, teams)
    _waiting(actor, teams)
    _own_rules(actor)
    return People(
        owner=actor,
        users=users,
        keys=[key.pk for key in keys],
        connections=_connections(actor, sizes),
        endpoints=_endpoints(actor, sizes),
    )


def _members(actor: Actor, sizes: Sizes) -> list[int]:
    organization, now, nobody = actor.organization, timezone.now(), make_password(None)
    mark = secrets.token_hex(3)
    users = User.objects.bulk_create(
        User(email=f"person{number}.{mark}@load.example", name=f"Person {number:03}", password=nobody)
        for number in range(1, sizes.members)
    )
    Membership.unscoped.bulk_create(
        Membership(organization=organization, user=user, role=_ROLES[at % len(_ROLES)], last_seen_at=now)
        for at, user in enumerate(users)
    )
    assert actor.user is not None
    return [actor.user.pk, *(user.pk for user in users)]


def _teams(actor: Actor, sizes: Sizes) -> list[Team]:
    organization = actor.organization
    teams = Team.unscoped.bulk_create(
        Team(organization=organization, name=f"Team {number:02}") for number in range(1, sizes.teams + 1)
    )
    members = Membership.unscoped.filter(organization=organization).order_by("pk")
    TeamPlace.unscoped.bulk_create(
        TeamPlace(organization=organization, team=teams[at % len(teams)], membership=each, spends=True)
        for at, each in enumerate(members)
    )
    budgets = Budget.unscoped.bulk_create(
        Budget(organization=organization, team=team, soft=50_000, hard=5_000_000) for team in teams
    )
    month = timezone.now().date().replace(day=1)
    BudgetMonth.unscoped.bulk_create(
        BudgetMonth(organization=organization, budget=budget, month=month, spent=1000) for budget in budgets
    )
    return teams


def _keys(actor: Actor, sizes: Sizes, teams: list[Team]) -> list[ApiKey]:
    assert actor.user is not None
    return ApiKey.unscoped.bulk_create(
        ApiKey(
            organization=actor.organization,
            name=f"Shop server {number:02}",
            prefix=f"ps_load_{number:04}",
            digest=secrets.token_hex(32),
            scopes=["*"],
            team=teams[number % len(teams)],
            maker=actor.user,
            last_used_at=timezone.now(),
        )
        for number in range(sizes.keys)
    )


def _waiting(actor: Actor, teams: list[Team]) -> None:
    """What others have to answer."""
    now = timezone.now()
    mark = secrets.token_hex(3)
    Invitation.unscoped.bulk_create(
        Invitation(
            organization=actor.organization,
            email=f"guest{number}.{mark}@load.example",
            role=Role.EDITOR,
            digest=secrets.token_hex(32),
            invited_by=actor.user,
            expires_at=now + timedelta(days=7),
            sent_at=now,
        )
        for number in range(60)
    )
    Approval.unscoped.bulk_create(
        Approval(
            organization=actor.organization,
            kind=Approval.Kind.JOB,
            target_id=uuid.uuid4(),
            title=f"A batch of {number} images",
            images=number,
            credits=number,
            status=Approval.Status.APPROVED,
            asked_by=actor.user,
            decided_by=actor.user,
            decided_at=now,
            expires_at=now,
        )
        for number in range(1, 2001)
    )


def _own_rules(actor: Actor) -> None:
    organization = actor.organization
    Preset.unscoped.bulk_create(
        Preset(
            organization=organization,
            slug=f"own-{number}",
            title=f"Own preset {number}",
            parameters={"width": 1000 + number, "height": 1000, "background": "#ffffff", "format": "jpg"},
            created_by=actor.user,
        )
        for number in range(60)
    )
    Preset.unscoped.bulk_create(
        Preset(
            organization=organization,
            slug=f"own-recipe-{number}",
            title=f"Own recipe {number}",
            operation="recipe",
            parameters={"steps": [{"operation": "process", "parameters": {"width": 1000 + number}}]},
            created_by=actor.user,
        )
        for number in range(20)
    )
    profiles = ComplianceProfile.unscoped.bulk_create(
        ComplianceProfile(
            organization=organization,
            slug=f"rules-{number}",
            title=f"Own rules {number}",
            marketplace="amazon",
            slot="main",
            created_by=actor.user,
        )
        for number in range(20)
    )
    ComplianceProfileVersion.unscoped.bulk_create(
        ComplianceProfileVersion(organization=organization, profile=profile, version=1) for profile in profiles
    )


def _connections(actor: Actor, sizes: Sizes) -> list[uuid.UUID]:
    made = Connection.unscoped.bulk_create(
        Connection(
            organization=actor.organization,
            marketplace=_KINDS[number % len(_KINDS)],
            name=f"Shop {number + 1}",
            address=f"https://shop{number + 1}.load.example",
            # Opens nothing: paused and never checked, for there is no shop behind it.
            credentials=sealed({"consumer_key": "ck_none", "consumer_secret": "cs_none"}),
            masked="ck_…none",
            shared=True,
            nightly=False,
            check_after=timezone.now() + timedelta(days=3650),
            paused_at=timezone.now(),
            checked_at=timezone.now(),
            maker=actor.user,
        )
        for number in range(sizes.connections)
    )
    return [row.pk for row in made]


def _endpoints(actor: Actor, sizes: Sizes) -> list[uuid.UUID]:
    made = WebhookEndpoint.unscoped.bulk_create(
        WebhookEndpoint(
            organization=actor.organization,
            url=f"https://receiver{number + 1}.load.example/hooks",
            events=["*"],
            status=WebhookEndpoint.Status.DISABLED,
            disabled_reason="Made for a measurement: nobody listens there.",
            secret=encryption.encrypt(webhook_signatures.new_secret()),
            created_by=actor.user,
        )
        for number in range(sizes.endpoints)
    )
    return [row.pk for row in made]
