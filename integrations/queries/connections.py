"""Connections: which ones a person or a program sees, and which of those they may change."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import NotFound
from accounts.models import Team, TeamPlace
from integrations.models import Connection


def connections(
    actor: Actor, *, needs: Permission = Permission.CATALOG_READ, ended: bool = False
) -> QuerySet[Connection]:
    """One's own and those shared with one's teams or everybody, by age. Who manages the members sees all: a shop must
    not hang on one person.

    `ended`: with those that are disconnected, for what was done with them.
    """
    actor.require(needs)
    found = Connection.objects.of(actor).select_related("maker", "team").order_by("pk")
    if not ended:
        found = found.filter(disconnected_at=None)
    if actor.may(Permission.MEMBERS_WRITE):
        return found
    own = TeamPlace.objects.of(actor).filter(membership__user=actor.user)
    return found.filter(Q(shared=True) | Q(maker=actor.user) | Q(team__in=own.values("team")))


def broken_connections(actor: Actor) -> QuerySet[Connection]:
    """Those that do not let us in any more, the newest break first."""
    return connections(actor).filter(status=Connection.Status.BROKEN).order_by("-broken_since")


def broken_in_each(actors: Sequence[Actor]) -> dict[uuid.UUID, int]:
    """How many of those that one person sees do not let us in, by organization; those with none are left out."""
    able = [actor for actor in actors if actor.may(Permission.CATALOG_READ)]
    broken = seen_by_one(able).filter(status=Connection.Status.BROKEN)
    return dict(broken.order_by().values_list("organization").annotate(Count("pk")))


def seen_by_one(actors: Sequence[Actor]) -> QuerySet[Connection]:
    """What `connections` finds for each of a person's organizations, of all of them at once."""
    managed = [actor.organization.pk for actor in actors if actor.may(Permission.MEMBERS_WRITE)]
    people = {actor.user.pk for actor in actors if actor.user}
    places = TeamPlace.unscoped.filter(membership__user__in=people)
    found = Connection.unscoped.filter(
        organization__in=[actor.organization.pk for actor in actors], disconnected_at=None
    )
    return found.filter(
        Q(organization__in=managed) | Q(shared=True) | Q(maker__in=people) | Q(team__in=places.values("team"))
    )


def connection(actor: Actor, connection_id: uuid.UUID, *, needs: Permission = Permission.CATALOG_READ) -> Connection:
    """Raises NotFound, also for somebody's own that is not shared with the actor."""
    found = connections(actor, needs=needs).filter(pk=connection_id).first()
    if found is None:
        raise NotFound(gettext("There is no such connection."))
    return found


def may_change(actor: Actor, row: Connection) -> bool:
    """Its maker, and who manages the members."""
    if not actor.may(Permission.PUBLISH_WRITE):
        return False
    return actor.may(Permission.MEMBERS_WRITE) or (actor.user is not None and row.maker_id == actor.user.pk)


def teams_to_share_with(actor: Actor, row: Connection | None) -> QuerySet[Team]:
    """By name: the actor's own, all for who manages the members, and the one that `row` is shared with."""
    found = Team.objects.of(actor).order_by("name", "pk")
    if actor.may(Permission.MEMBERS_WRITE):
        return found
    own = TeamPlace.objects.of(actor).filter(membership__user=actor.user)
    return found.filter(Q(pk__in=own.values("team")) | Q(pk=row.team_id if row else None))
