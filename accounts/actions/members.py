"""Members: another role, removing, leaving. Nobody acts on somebody whose role reaches further than their own, and an
organization always keeps an owner."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission, Role
from accounts.actions import audit
from accounts.kit.errors import Conflict, InvalidInput, NotFound, NotPermitted
from accounts.models import ApiKey, Membership, Organization


@transaction.atomic
def change_role(actor: Actor, *, membership_id: int, role: str) -> Membership:
    """Holds from the member's next click or call, for their keys too. Raises Conflict for the last owner."""
    actor.require(Permission.MEMBERS_WRITE)
    wanted = grantable_role(actor, role)
    membership = _locked(actor, membership_id)
    before = Role(membership.role)
    _refuse_above(actor, before)
    if before == wanted:
        return membership
    if before == Role.OWNER:
        _refuse_last_owner(actor, membership)
    membership.role = wanted
    membership.save(update_fields=["role"])
    _record(actor, "role_changed", membership, {"before": {"role": before.value}, "after": {"role": wanted.value}})
    return membership


@transaction.atomic
def hand_over(actor: Actor, *, email: str) -> Membership:
    """Makes another member the owner, and the actor an admin. Raises InvalidInput for who is no other member."""
    actor.require(Permission.ORGANIZATION_WRITE)
    Organization.objects.select_for_update(no_key=True).get(pk=actor.organization.pk)
    members = Membership.objects.of(actor).select_related("user")
    own = members.filter(user=actor.user, role=Role.OWNER).first()
    if own is None:
        raise NotPermitted(gettext("You are not an owner any more."))
    other = members.filter(user__email__iexact=email.strip(), user__is_active=True).exclude(pk=own.pk).first()
    if other is None:
        raise InvalidInput(gettext("Write the e-mail address of another member."), field="email")
    for row, role in ((other, Role.OWNER), (own, Role.ADMIN)):
        if row.role != role:
            before, row.role = row.role, role
            row.save(update_fields=["role"])
            _record(actor, "role_changed", row, {"before": {"role": before}, "after": {"role": role.value}})
    return other


@transaction.atomic
def remove_member(actor: Actor, *, membership_id: int) -> Membership:
    """Ends the membership and the member's API keys here. What they made stays the organization's."""
    actor.require(Permission.MEMBERS_WRITE)
    membership = _locked(actor, membership_id)
    _refuse_above(actor, Role(membership.role))
    _end(actor, membership, "removed")
    return membership


@transaction.atomic
def leave(actor: Actor) -> None:
    """The actor's own way out. Raises Conflict for the last owner."""
    own = Membership.objects.of(actor).filter(user=actor.user).values_list("pk", flat=True).first()
    if own is None:
        raise NotFound(gettext("There is no such member."))
    _end(actor, _locked(actor, own), "left")


def grantable_role(actor: Actor, role: str) -> Role:
    """The role by its name. Raises InvalidInput for no role, or one that reaches further than the actor's own."""
    if role not in set(Role):
        raise InvalidInput(gettext("Choose one of the roles: {role}.").format(role=", ".join(Role)), field="role")
    wanted = Role(role)
    if not actor.role.covers(wanted):
        raise InvalidInput(
            gettext("You are {own} and cannot make somebody {role}.").format(
                own=actor.role.with_article, role=wanted.with_article
            ),
            field="role",
        )
    return wanted


def _end(actor: Actor, membership: Membership, what: str) -> None:
    if membership.role == Role.OWNER:
        _refuse_last_owner(actor, membership)
    keys = ApiKey.objects.of(actor).filter(maker=membership.user_id, revoked_at=None)
    prefixes = list(keys.order_by("pk").values_list("prefix", flat=True))
    keys.update(revoked_at=timezone.now())
    _record(actor, what, membership, {"before": {"role": membership.role}, "keys_revoked": prefixes})
    # By its number: the row in hand keeps its own for those who tell of it.
    Membership.objects.of(actor).filter(pk=membership.pk).delete()


def _locked(actor: Actor, membership_id: int) -> Membership:
    """The organization's row lock first: of two owners who lower each other at once, the second is the last one."""
    Organization.objects.select_for_update(no_key=True).get(pk=actor.organization.pk)
    found = Membership.objects.of(actor).select_related("user").filter(pk=membership_id).first()
    if found is None:
        raise NotFound(gettext("There is no such member."))
    return found


def _refuse_above(actor: Actor, role: Role) -> None:
    if not actor.role.covers(role):
        raise NotPermitted(
            gettext("You are {with_article}: only an owner changes or removes an owner.").format(
                with_article=actor.role.with_article
            )
        )


def _refuse_last_owner(actor: Actor, membership: Membership) -> None:
    others = Membership.objects.of(actor).filter(role=Role.OWNER, user__is_active=True).exclude(pk=membership.pk)
    if not others.exists():
        if actor.user and actor.user.pk == membership.user_id:
            words = gettext("You are the last owner of {name}. Make somebody else an owner first.")
        else:
            words = gettext("{email} is the last owner of {name}. Make somebody else an owner first.")
        raise Conflict(words.format(email=membership.user.email, name=actor.organization.name))


def _record(actor: Actor, what: str, membership: Membership, details: dict[str, object]) -> None:
    audit.record(
        actor,
        f"member.{what}",
        target_kind="member",
        target_id=membership.pk,
        details={"email": membership.user.email} | details,
    )
