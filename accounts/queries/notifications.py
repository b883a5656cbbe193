"""Who wants to be told of what, and how."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.access.actor import Actor
from accounts.access.notification_kinds import Delivery, Kind, default, kinds_for
from accounts.access.permissions import Role
from accounts.models import Membership, NotificationChoice


def own_choices(actor: Actor) -> dict[Kind, Delivery]:
    """Every kind that the actor's role can be told of, with what they have chosen or the default."""
    rows = NotificationChoice.objects.of(actor).filter(membership__user=actor.user)
    chosen = dict(rows.values_list("kind", "delivery"))
    return {kind: Delivery(chosen.get(kind, default(kind, actor.role))) for kind in kinds_for(actor.role)}


def deliveries(kind: Kind, memberships: Iterable[Membership]) -> dict[int, Delivery]:
    """By the membership's id."""
    members = list(memberships)
    rows = NotificationChoice.unscoped.filter(membership__in=members, kind=kind)
    chosen = dict(rows.values_list("membership_id", "delivery"))
    return {each.pk: _of(each, kind, chosen.get(each.pk)) for each in members}


def _of(member: Membership, kind: Kind, chosen: str | None) -> Delivery:
    role = Role(member.role)
    if kind not in kinds_for(role):
        return Delivery.NONE
    return Delivery(chosen) if chosen else default(kind, role)
