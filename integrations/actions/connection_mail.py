"""The e-mail about a connection that does not let us in any more."""

from __future__ import annotations

from functools import partial
from smtplib import SMTPException

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.access.permissions import Role
from accounts.models import Membership
from integrations.models import Connection

log = structlog.get_logger(__name__)


def tell_that_it_is_broken(row: Connection) -> None:
    """After the commit, to who connected it and to owners and admins, one e-mail each."""
    transaction.on_commit(partial(_send, row))


def _send(row: Connection) -> None:
    people = Membership.unscoped.filter(
        Q(role__in=(Role.OWNER, Role.ADMIN)) | Q(user=row.maker_id),
        organization_id=row.organization_id,
        user__is_active=True,
    ).select_related("user")
    context = {
        "connection": row,
        "organization": row.organization,
        "reason": (row.problem or {}).get("detail", ""),
        "address": _base() + reverse("integration", args=[row.pk]),
    }
    subject = " ".join(render_to_string("emails/connection_broken_subject.txt", context).split())
    text = render_to_string("emails/connection_broken.txt", context)
    try:
        with get_connection() as mail:
            for person in people:
                mail.send_messages([EmailMessage(subject, text, None, [person.user.email])])
    except (SMTPException, OSError) as error:
        # The page and the webhook say it too.
        log.warning("connection_alarm_not_sent", connection=str(row.pk), error=str(error))


def _base() -> str:
    return settings.BASE_URL or f"http://127.0.0.1:{settings.PORT}"
