"""Teams, and who is in them."""

from __future__ import annotations

import uuid

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import ROLE_PERMISSIONS, Permission
from accounts.kit.errors import NotFound
from accounts.models import Membership, Team, TeamPlace


def teams(actor: Actor, *, search: str = "") -> QuerySet[Team]:
    """With `people` and their number of leads, by name. `search`: part of the name."""
    actor.require(Permission.MEMBERS_READ)
    counted = Team.objects.of(actor).annotate(
        people=Count("places"), leads=Count("places", filter=Q(places__lead=True))
    )
    found = counted.filter(name__icontains=search) if search else counted
    return found.order_by("name", "pk")


def team(actor: Actor, team_id: uuid.UUID) -> Team:
    """Raises NotFound."""
    found = teams(actor).filter(pk=team_id).first()
    if found is None:
        raise NotFound(gettext("There is no such team."))
    return found


def places(actor: Actor, of: Team) -> QuerySet[TeamPlace]:
    """Who is in it, leads first."""
    actor.require(Permission.MEMBERS_READ)
    rows = TeamPlace.objects.of(actor).filter(team=of).select_related("membership__user")
    return rows.order_by("-lead", "membership__user__name", "pk")


def leads(actor: Actor, of: Team) -> bool:
    """Whether the actor chooses who is in the team: as one of its leads, or as an admin or owner."""
    if actor.may(Permission.MEMBERS_WRITE):
        return True
    own = TeamPlace.objects.of(actor).filter(team=of, membership__user=actor.user, lead=True)
    return actor.user is not None and own.exists()


def with_teams(actor: Actor, rows: QuerySet[Membership]) -> QuerySet[Membership]:
    """The same members with their places and teams, in one further query."""
    own = TeamPlace.objects.of(actor).select_related("team").order_by("team__name")
    return rows.prefetch_related(Prefetch("places", queryset=own))


def own_teams(actor: Actor) -> QuerySet[Team]:
    """Those that the actor gives something to, by name: their own, all of them for owners and admins."""
    found = Team.objects.of(actor).order_by("name", "pk")
    return found if _manages(actor) else found.filter(pk__in=_places_of(actor).values("team"))


def within_reach(actor: Actor) -> Q:
    """Which rows with a `team` are there for the actor: those of no team, and those of theirs.

    A key of a team reaches that team's, whoever made it. Any other key reaches as far as its maker: owners and admins
    see every team's, everybody else those of the teams that they are in.
    """
    if actor.api_key is not None and actor.api_key.team_id is not None:
        return Q(team=None) | Q(team=actor.api_key.team_id)
    return Q() if _manages(actor) else Q(team=None) | Q(team__in=_places_of(actor).values("team"))


def _manages(actor: Actor) -> bool:
    """By the role: neither a key's scopes nor an organization that is being closed make anything vanish."""
    return Permission.MEMBERS_WRITE in ROLE_PERMISSIONS[actor.role]


def _places_of(actor: Actor) -> QuerySet[TeamPlace]:
    return TeamPlace.objects.of(actor).filter(membership__user=actor.user)
