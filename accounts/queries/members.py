"""The people of an organization."""

from __future__ import annotations

import uuid

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission, Role
from accounts.kit.errors import NotFound
from accounts.models import ApiKey, Membership


def members(actor: Actor, *, search: str = "", role: str = "", team: str = "") -> QuerySet[Membership]:
    """With their people, the latest to join first. `search`: part of a name or an e-mail address. `team`: an id; what
    is none finds nobody."""
    actor.require(Permission.MEMBERS_READ)
    found = Membership.objects.of(actor).select_related("user").order_by("-pk")
    if search:
        found = found.filter(Q(user__name__icontains=search) | Q(user__email__icontains=search))
    if role in set(Role):
        found = found.filter(role=role)
    if team:
        found = found.filter(places__team_id=_uuid(team))
    return found


def member(actor: Actor, membership_id: int) -> Membership:
    """Raises NotFound."""
    found = members(actor).filter(pk=membership_id).first()
    if found is None:
        raise NotFound(gettext("There is no such member."))
    return found


def own_membership(actor: Actor) -> Membership:
    """The actor's own. Raises NotFound for an actor without a person."""
    found = Membership.objects.of(actor).select_related("user").filter(user=actor.user).first()
    if found is None:
        raise NotFound(gettext("There is no such member."))
    return found


def members_by_role(actor: Actor) -> dict[Role, int]:
    """How many people hold each role, from the widest to the narrowest."""
    actor.require(Permission.MEMBERS_READ)
    rows = Membership.objects.of(actor).order_by().values_list("role").annotate(Count("pk"))
    found = dict(rows)
    return {role: found.get(role.value, 0) for role in Role}


def working_keys_of(actor: Actor, membership: Membership) -> int:
    """How many API keys of this member are not revoked: they end when the member goes."""
    actor.require(Permission.MEMBERS_READ)
    return ApiKey.objects.of(actor).filter(maker=membership.user_id, revoked_at=None).count()


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)
