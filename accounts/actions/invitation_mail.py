"""The e-mails of invitations: to who is invited, and to who has invited them once they have joined."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import partial
from smtplib import SMTPException

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.access.notification_kinds import Kind
from accounts.access.permissions import Role
from accounts.actions.notifications import tell
from accounts.kit import tasks
from accounts.kit.letters import address_of, letter
from accounts.models import Invitation, Membership

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Letter:
    """An invitation with its token, which is nowhere else."""

    invitation: Invitation
    token: str


def send_after_commit(letters: list[Letter]) -> None:
    """Over one connection. An invitation whose e-mail is not taken says so on the page and can be sent again."""
    transaction.on_commit(partial(_send, letters))


def tell_inviter(row: Invitation) -> None:
    transaction.on_commit(partial(tasks.send, "accounts.mail_acceptance", str(row.pk), queue="io"))


def mail_acceptance(invitation_id: uuid.UUID) -> None:
    row = Invitation.unscoped.select_related("accepted_by").filter(pk=invitation_id, accepted_at__isnull=False).first()
    if row is None or row.accepted_by is None:
        return
    inviter = Membership.unscoped.filter(organization=row.organization_id, user=row.invited_by_id)
    context = {"person": row.accepted_by, "role": Role(row.role).with_article}
    tell(Kind.INVITATION_ACCEPTED, inviter, "invitation_accepted", context, address=address_of(reverse("team")))


def _send(letters: list[Letter]) -> None:
    try:
        with get_connection() as connection:
            for each in letters:
                connection.send_messages([_message(each)])
                Invitation.unscoped.filter(pk=each.invitation.pk).update(sent_at=timezone.now())
    except (SMTPException, OSError) as error:
        log.warning("invitation_not_sent", organization=str(letters[0].invitation.organization_id), error=str(error))


def _message(wanted: Letter) -> EmailMessage:
    row = wanted.invitation
    context = {
        "organization": row.organization,
        "inviter": row.invited_by,
        "role": Role(row.role).with_article,
        "email": row.email,
        "expires_at": row.expires_at,
        "address": address_of(reverse("invitation", args=[wanted.token])),
        "site": settings.SITE_NAME,
    }
    return letter("invitation", context, row.email)
