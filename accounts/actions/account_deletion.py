"""Deleting one's own account: the person goes, what they made stays with its organization."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext

from accounts.access.actor import Actor, member_actor
from accounts.access.permissions import Role
from accounts.actions.members import leave
from accounts.kit.errors import Conflict
from accounts.models import Membership, User

NAME = "Deleted person"


@transaction.atomic
def delete_account(actor: Actor) -> None:
    """Leaves every organization (their keys there end), then forgets name, address and password. The row stays as
    "Deleted person", so that logs and keys that name it still can.

    Raises Conflict while the person is the last owner of an organization, and then nothing is changed.
    """
    if actor.user is None:
        raise ValueError("only a person has an account")
    user = User.objects.select_for_update(no_key=True).get(pk=actor.user.pk)
    places = Membership.unscoped.filter(user=user).select_related("organization").order_by("pk")
    last = [place.organization.name for place in places if place.role == Role.OWNER and not _other_owner(place)]
    if last:
        raise Conflict(
            gettext(
                "You are the last owner of {names}. Hand it over or close it first, so that nothing is "
                "left without an owner."
            ).format(names=gettext(" and of ").join(last))
        )
    for place in places:
        leave(member_actor(user, place.organization, Role(place.role), ip=actor.ip, request_id=actor.request_id))
    user.email = f"deleted-{user.pk}@deleted.invalid"
    user.name, user.time_zone, user.is_active = NAME, "", False
    user.session_generation += 1
    user.set_unusable_password()
    user.save(update_fields=["email", "name", "time_zone", "is_active", "session_generation", "password"])


def _other_owner(place: Membership) -> bool:
    owners = Membership.unscoped.filter(organization=place.organization_id, role=Role.OWNER, user__is_active=True)
    return owners.exclude(pk=place.pk).exists()
