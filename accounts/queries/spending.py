"""Who spends: on whose budgets the work of an actor counts."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable

from django.db.models import Q

from accounts.access.actor import Actor
from accounts.models import ApiKey, Budget, TeamPlace

_Step = Callable[[uuid.UUID], Iterable[uuid.UUID | None]]
_MOST_ROTATIONS = 50


def spending_team(actor: Actor) -> uuid.UUID | None:
    """The team of the API key; for a person the one of their teams that they spend from."""
    if actor.api_key:
        return actor.api_key.team_id
    own = TeamPlace.objects.of(actor).filter(membership__user=actor.user, spends=True)
    return own.values_list("team_id", flat=True).first() if actor.user else None


def budgets_of(
    organization_id: uuid.UUID, *, key: uuid.UUID | None, team: uuid.UUID | None, rotated: bool = True
) -> list[Budget]:
    """A rotated key spends from its successor's budget. `rotated`: False where the key is known not to be."""
    if key is None and team is None:
        return []
    wanted = Q(team=team) if team else Q()
    if key:
        wanted |= Q(api_key__in=[key, *successors(key)]) if rotated else Q(api_key=key)
    return list(Budget.unscoped.filter(wanted, organization=organization_id).order_by("pk"))


def successors(key: uuid.UUID) -> list[uuid.UUID]:
    return _chain(key, lambda one: ApiKey.unscoped.filter(pk=one).values_list("replaced_by", flat=True))


def predecessors(key: uuid.UUID) -> list[uuid.UUID]:
    return _chain(key, lambda one: ApiKey.unscoped.filter(replaced_by=one).values_list("pk", flat=True))


def _chain(key: uuid.UUID, step: _Step) -> list[uuid.UUID]:
    found: list[uuid.UUID] = []
    at: uuid.UUID | None = key
    while at and len(found) < _MOST_ROTATIONS:
        at = next(iter(step(at)), None)
        if at:
            found.append(at)
    return found
