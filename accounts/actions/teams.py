"""Teams: make, rename, delete; who is in them and who leads. Admins do all of it, leads choose who is in theirs."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import audit
from accounts.kit.errors import Conflict, InvalidInput, NotFound, NotPermitted
from accounts.models import Membership, Organization, Team, TeamPlace
from accounts.queries.teams import leads

MOST = 500


@transaction.atomic
def create_team(actor: Actor, *, name: str) -> Team:
    """Raises InvalidInput for a name that is taken, Conflict beyond 500 teams."""
    actor.require(Permission.MEMBERS_WRITE)
    name = _name(name)
    Organization.objects.select_for_update(no_key=True).get(pk=actor.organization.pk)
    if Team.objects.of(actor).count() >= MOST:
        raise Conflict(
            gettext("An organization has at most {most} teams. Delete one that is not used any more.").format(most=MOST)
        )
    with _named(name):
        row = Team.unscoped.create(organization=actor.organization, name=name)
    _record(actor, "created", row, {})
    return row


@transaction.atomic
def rename_team(actor: Actor, *, team_id: uuid.UUID, name: str) -> Team:
    actor.require(Permission.MEMBERS_WRITE)
    row = _locked(actor, team_id)
    before, row.name = row.name, _name(name)
    if before != row.name:
        with _named(row.name):
            row.save(update_fields=["name"])
        _record(actor, "renamed", row, {"before": {"name": before}, "after": {"name": row.name}})
    return row


@transaction.atomic
def delete_team(actor: Actor, *, team_id: uuid.UUID) -> Team:
    """Its members stay members of the organization."""
    actor.require(Permission.MEMBERS_WRITE)
    row = _locked(actor, team_id)
    _record(actor, "deleted", row, {"people": TeamPlace.objects.of(actor).filter(team=row).count()})
    Team.objects.of(actor).filter(pk=row.pk).delete()
    return row


@transaction.atomic
def set_place(actor: Actor, *, team_id: uuid.UUID, email: str, lead: bool) -> TeamPlace:
    """Puts a member into the team, or changes whether they lead it. Raises InvalidInput for who is no member."""
    row = _locked(actor, team_id)
    _require_lead(actor, row)
    member = Membership.objects.of(actor).select_related("user").filter(user__email__iexact=email.strip()).first()
    if member is None:
        who = email.strip()[:254]
        words = (
            gettext("{email} is not a member of the organization.")
            if who
            else gettext("This is not a member of the organization.")
        )
        raise InvalidInput(words.format(email=who), field="email")
    # Somebody's first team is the one that they spend from. The member's lock: it is one at most.
    Membership.objects.of(actor).select_for_update(no_key=True).get(pk=member.pk)
    spends = not TeamPlace.objects.of(actor).filter(membership=member, spends=True).exists()
    place, new = TeamPlace.unscoped.get_or_create(
        organization=actor.organization, team=row, membership=member, defaults={"lead": lead, "spends": spends}
    )
    if new:
        _record(actor, "member_added", row, {"email": member.user.email, "lead": lead})
    elif place.lead != lead:
        place.lead = lead
        place.save(update_fields=["lead"])
        details: dict[str, object] = {"email": member.user.email, "before": {"lead": not lead}, "after": {"lead": lead}}
        _record(actor, "lead_changed", row, details)
    return place


@transaction.atomic
def spend_from(actor: Actor, *, team_id: uuid.UUID, membership_id: int) -> TeamPlace:
    """What the member's jobs cost counts on this team's budget from now on. Raises NotFound for who is not in it."""
    actor.require(Permission.MEMBERS_WRITE)
    row = _locked(actor, team_id)
    Membership.objects.of(actor).select_for_update(no_key=True).filter(pk=membership_id).first()
    places = TeamPlace.objects.of(actor).select_related("membership__user").filter(membership=membership_id)
    place = places.filter(team=row).first()
    if place is None:
        raise NotFound(gettext("This member is not in the team."))
    if not place.spends:
        places.filter(spends=True).update(spends=False)
        place.spends = True
        place.save(update_fields=["spends"])
        _record(actor, "spending_changed", row, {"email": place.membership.user.email})
    return place


@transaction.atomic
def remove_place(actor: Actor, *, team_id: uuid.UUID, membership_id: int) -> None:
    """Takes a member out of the team. Taking out who is not in it changes nothing."""
    row = _locked(actor, team_id)
    _require_lead(actor, row)
    place = TeamPlace.objects.of(actor).select_related("membership__user").filter(team=row, membership=membership_id)
    if found := place.first():
        _record(actor, "member_removed", row, {"email": found.membership.user.email})
        TeamPlace.objects.of(actor).filter(pk=found.pk).delete()


def enter_teams(membership: Membership, wanted: Iterable[Team]) -> None:
    """By an accepted invitation. The caller's transaction holds; places that are there already stay as they are."""
    Membership.unscoped.select_for_update(no_key=True).get(pk=membership.pk)
    for row in wanted:
        spends = not TeamPlace.unscoped.filter(membership=membership, spends=True).exists()
        TeamPlace.unscoped.get_or_create(
            organization_id=membership.organization_id, team=row, membership=membership, defaults={"spends": spends}
        )


@contextmanager
def _named(name: str) -> Iterator[None]:
    """The database refuses a name that is taken; this says so at the field."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise InvalidInput(gettext("There is a team called {name} already.").format(name=name), field="name") from None


def _name(name: str) -> str:
    name = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if not 1 <= len(name) <= 60:
        raise InvalidInput(gettext("Give the team a name of at most 60 characters."), field="name")
    return name


def _locked(actor: Actor, team_id: uuid.UUID) -> Team:
    """Raises NotFound."""
    actor.require(Permission.MEMBERS_READ)
    row = Team.objects.of(actor).select_for_update(no_key=True).filter(pk=team_id).first()
    if row is None:
        raise NotFound(gettext("There is no such team."))
    return row


def _require_lead(actor: Actor, row: Team) -> None:
    if not leads(actor, row):
        raise NotPermitted(gettext("Only a lead of {name} or an admin chooses who is in it.").format(name=row.name))


def _record(actor: Actor, what: str, row: Team, details: dict[str, object]) -> None:
    audit.record(actor, f"team.{what}", target_kind="team", target_id=row.pk, details={"name": row.name} | details)
