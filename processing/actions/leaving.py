"""Somebody leaves an organization: with the membership and its keys end the links that they gave to clients."""

from __future__ import annotations

from django.db import transaction

from accounts.access.actor import Actor, member_actor
from accounts.access.permissions import Role
from accounts.actions import account_deletion, members
from accounts.models import Membership
from processing.actions.client_reviews import end_links_of


@transaction.atomic
def remove_member(actor: Actor, *, membership_id: int) -> Membership:
    """As accounts.actions.members has it."""
    membership = members.remove_member(actor, membership_id=membership_id)
    end_links_of(actor, membership.user)
    return membership


@transaction.atomic
def leave(actor: Actor) -> None:
    """As accounts.actions.members has it."""
    members.leave(actor)
    if actor.user:
        end_links_of(actor, actor.user)


@transaction.atomic
def delete_account(actor: Actor) -> None:
    """As accounts.actions.account_deletion has it, in every organization of theirs."""
    own = Membership.unscoped.filter(user=actor.user).select_related("organization", "user")
    places = [
        member_actor(each.user, each.organization, Role(each.role), ip=actor.ip, request_id=actor.request_id)
        for each in own.order_by("pk")
    ]
    account_deletion.delete_account(actor)
    for place in places:
        if place.user:
            end_links_of(place, place.user)
