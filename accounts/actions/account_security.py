"""What happens to the account of a person: written into the audit log of each of their organizations, and mailed."""

from __future__ import annotations

from functools import partial
from smtplib import SMTPException
from typing import Any

import structlog
from django.core.mail import EmailMessage
from django.db import transaction

from accounts.access.actor import member_actor
from accounts.access.permissions import Role
from accounts.actions import audit
from accounts.kit import tasks
from accounts.models import User
from accounts.queries.memberships import memberships_of

log = structlog.get_logger(__name__)


@transaction.atomic
def record_for(
    user: User, action: str, *, ip: str | None = None, request_id: str = "", details: dict[str, Any] | None = None
) -> None:
    """An entry in every organization: whoever answers for one wants to know how its members sign in."""
    for membership in memberships_of(user):
        actor = member_actor(user, membership.organization, Role(membership.role), ip=ip, request_id=request_id)
        audit.record(
            actor, action, target_kind="person", target_id=user.pk, details={"email": user.email} | (details or {})
        )


def mail_later(address: str, subject: str, text: str) -> None:
    """Sent by a worker after the commit: nobody waits for a mail server in order to sign in."""
    transaction.on_commit(partial(tasks.send, "accounts.mail_person", address, subject, text, queue="io"))


def mail_person(address: str, subject: str, text: str) -> None:
    try:
        EmailMessage(subject, text, None, [address]).send()
    except (SMTPException, OSError) as error:
        # The audit log says it too.
        log.warning("security_mail_not_sent", subject=subject, error=str(error))
