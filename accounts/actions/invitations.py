"""Invitations: inviting one or many, sending again, revoking, accepting."""

from __future__ import annotations

import re
import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.access.actor import Actor, member_actor
from accounts.access.permissions import Permission, Role
from accounts.actions import audit
from accounts.actions.invitation_mail import Letter, send_after_commit, tell_inviter
from accounts.actions.members import grantable_role
from accounts.actions.teams import enter_teams
from accounts.kit.errors import Conflict, InvalidInput, NotFound
from accounts.limits.plan import refuse_beyond_plan
from accounts.limits.rate_limit import Limit, take
from accounts.models import Invitation, Membership, Organization, User
from accounts.queries.invitations import GONE, invitation, invitation_behind, token_digest
from accounts.queries.teams import teams

LIVES = timedelta(days=7)
MOST_AT_ONCE = 50
_PER_HOUR = Limit("invitations", 200, 3600)


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of one address that was typed in: invited, or why not."""

    email: str
    invited: bool
    words: str


def addresses_in(text: str) -> list[str]:
    """The addresses of a pasted text, in their order, each once: between commas, semicolons, spaces or lines, also as
    `Name <address>`."""
    found: Iterable[str] = re.findall(r"<([^<>]+)>", text) if "<" in text else re.split(r"[\s,;]+", text)
    return list(dict.fromkeys(word.strip().lower() for word in found if word.strip()))


@transaction.atomic
def invite(actor: Actor, *, emails: list[str], role: str, team_ids: Iterable[uuid.UUID] = ()) -> list[Judged]:
    """Invites every address that can be and answers for each, in their order. The e-mails go out after the commit.

    Who accepts is put into the teams that are still there then.

    Raises InvalidInput when nothing was typed, for too many at once, and for a role beyond the actor's own; Conflict
    beyond 200 an hour, and beyond the plan. Then nobody is invited.
    """
    actor.require(Permission.MEMBERS_WRITE)
    wanted = grantable_role(actor, role)
    if not emails:
        raise InvalidInput(gettext("Type at least one e-mail address."), field="emails")
    if len(emails) > MOST_AT_ONCE:
        raise InvalidInput(
            gettext("Invite at most {most_at_once} at once; these are {emails}.").format(
                most_at_once=MOST_AT_ONCE, emails=len(emails)
            ),
            field="emails",
        )
    # The organization's row lock: the same address cannot be invited twice at the same moment.
    Organization.objects.select_for_update(no_key=True).get(pk=actor.organization.pk)
    wanted_teams = set(team_ids)
    chosen = list(teams(actor).filter(pk__in=wanted_teams))
    if len(chosen) != len(wanted_teams):
        raise InvalidInput(gettext("One of these teams is not there any more. Choose again."), field="teams")
    members = set(Membership.objects.of(actor).filter(user__email__in=emails).values_list("user__email", flat=True))
    waiting = Invitation.objects.of(actor).filter(email__in=emails, accepted_at=None, revoked_at=None)
    invited = set(waiting.values_list("email", flat=True))
    refusals = {email: _refusal(email, members=members, invited=invited) for email in emails}
    if more := list(refusals.values()).count(None):
        refuse_beyond_plan(actor, "members", count=lambda: _people(actor), more=more)
    judged: list[Judged] = []
    letters: list[Letter] = []
    for email in emails:
        refusal = refusals[email]
        if refusal is None:
            _take_one(actor)
            row, token = _insert(actor, email, wanted)
            row.teams.set(chosen)
            _record(actor, "sent", row, {"role": row.role, "teams": [each.name for each in chosen]})
            letters.append(Letter(row, token))
        judged.append(
            Judged(email, refusal is None, refusal or gettext("Invited as {role}.").format(role=wanted.with_article))
        )
    if letters:
        send_after_commit(letters)
    return judged


@transaction.atomic
def send_again(actor: Actor, *, invitation_id: uuid.UUID) -> Invitation:
    """A new e-mail with a new token, good for another seven days. The link of the e-mail before opens nothing."""
    row = _locked(actor, invitation_id)
    _take_one(actor)
    token = secrets.token_urlsafe(32)
    row.digest = token_digest(token)
    row.expires_at = timezone.now() + LIVES
    row.sent_at = None
    row.save(update_fields=["digest", "expires_at", "sent_at"])
    _record(actor, "sent_again", row, {"role": row.role})
    send_after_commit([Letter(row, token)])
    return row


@transaction.atomic
def revoke(actor: Actor, *, invitation_id: uuid.UUID) -> Invitation:
    """Its link opens nothing from now on."""
    row = _locked(actor, invitation_id)
    row.revoked_at = timezone.now()
    row.save(update_fields=["revoked_at"])
    _record(actor, "revoked", row, {"role": row.role})
    return row


@transaction.atomic
def accept(user: User, *, token: str, ip: str | None, request_id: str) -> Actor:
    """Joins the organization; answers with the person as actor there. Raises NotFound for a token that has ended, and
    Conflict for somebody else's invitation."""
    found = invitation_behind(token)
    row = Invitation.unscoped.select_for_update().select_related("organization").get(pk=found.pk)
    if not row.usable():  # taken or revoked at this very moment
        raise NotFound(GONE)
    if user.email.lower() != row.email.lower():
        raise Conflict(
            gettext("This invitation is for {invited}, and you are signed in as {email}.").format(
                invited=row.email, email=user.email
            )
        )
    row.accepted_at = timezone.now()
    row.accepted_by = user
    row.save(update_fields=["accepted_at", "accepted_by"])
    # A member already, perhaps with a wider role: that one stays.
    membership, joined = Membership.unscoped.get_or_create(
        organization=row.organization, user=user, defaults={"role": row.role}
    )
    enter_teams(membership, row.teams.all())
    actor = member_actor(user, row.organization, Role(membership.role), ip=ip, request_id=request_id)
    _record(actor, "accepted", row, {"role": membership.role, "joined": joined})
    if joined:
        tell_inviter(row)
    return actor


def _people(actor: Actor) -> int:
    """Members, and those who may still become one."""
    open_ones = Invitation.objects.of(actor).filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())
    return Membership.objects.of(actor).count() + open_ones.count()


def _refusal(email: str, *, members: set[str], invited: set[str]) -> str | None:
    """Why this address is not invited."""
    try:
        validate_email(email)
    except ValidationError:
        return gettext("This is not an e-mail address.")
    if len(email) > 254:
        return gettext("This is longer than an e-mail address can be.")
    if email in members:
        return gettext("Is a member already.")
    if email in invited:
        return gettext("Is invited already; the invitation below can be sent again.")
    return None


def _insert(actor: Actor, email: str, role: Role) -> tuple[Invitation, str]:
    token = secrets.token_urlsafe(32)
    row = Invitation.unscoped.create(
        organization=actor.organization,
        email=email,
        role=role,
        digest=token_digest(token),
        invited_by=actor.user,
        expires_at=timezone.now() + LIVES,
    )
    return row, token


def _take_one(actor: Actor) -> None:
    allowance = take(str(actor.organization.pk), _PER_HOUR)
    if not allowance.allowed:
        error = Conflict(
            gettext(
                "{limit} invitations were sent in the last hour, and no more go out for now. "
                "Nothing was sent just now; try again in {minutes} minutes."
            ).format(limit=_PER_HOUR.limit, minutes=max(1, allowance.retry_after // 60))
        )
        error.retry_after = allowance.retry_after
        raise error


def _locked(actor: Actor, invitation_id: uuid.UUID) -> Invitation:
    """Raises NotFound, and InvalidInput when its role is beyond the actor's own."""
    actor.require(Permission.MEMBERS_WRITE)
    Organization.objects.select_for_update(no_key=True).get(pk=actor.organization.pk)
    row = invitation(actor, invitation_id)
    grantable_role(actor, row.role)
    return row


def _record(actor: Actor, what: str, row: Invitation, details: dict[str, object]) -> None:
    audit.record(
        actor,
        f"invitation.{what}",
        target_kind="invitation",
        target_id=row.pk,
        details={"email": row.email} | details,
    )
