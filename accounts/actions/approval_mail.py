"""The e-mails of approvals: to those who may decide, and to who has asked. Sent by a worker, after the commit."""

from __future__ import annotations

import uuid
from functools import partial
from smtplib import SMTPException

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.access.permissions import ROLE_PERMISSIONS, Permission, Role
from accounts.kit import tasks
from accounts.models import Approval, Membership

log = structlog.get_logger(__name__)


def tell_deciders(row: Approval) -> None:
    transaction.on_commit(partial(tasks.send, "accounts.mail_approval", str(row.pk), "asked", queue="io"))


def tell_asker(row: Approval) -> None:
    transaction.on_commit(partial(tasks.send, "accounts.mail_approval", str(row.pk), "decided", queue="io"))


def mail_approval(approval_id: uuid.UUID, what: str) -> None:
    row = Approval.unscoped.select_related("organization", "asked_by", "decided_by").filter(pk=approval_id).first()
    if row is None or (what == "asked" and not row.pending):
        return
    address = (settings.BASE_URL or f"http://127.0.0.1:{settings.PORT}") + reverse("approvals")
    context = {"approval": row, "organization": row.organization, "address": address}
    subject = " ".join(render_to_string(f"emails/approval_{what}_subject.txt", context).split())
    text = render_to_string(f"emails/approval_{what}.txt", context)
    try:
        with get_connection() as connection:
            connection.send_messages([EmailMessage(subject, text, None, [each]) for each in _people(row, what)])
    except (SMTPException, OSError) as error:
        # The queue of approvals says it too.
        log.warning("approval_mail_not_sent", approval=str(row.pk), error=str(error))


def _people(row: Approval, what: str) -> list[str]:
    people = Membership.unscoped.filter(organization=row.organization_id, user__is_active=True).order_by("pk")
    if what == "decided":
        people = people.filter(user=row.asked_by_id)
    else:
        roles = [role.value for role in Role if Permission.APPROVALS_WRITE in ROLE_PERMISSIONS[role]]
        people = people.filter(role__in=roles).exclude(user=row.asked_by_id)
    return list(people.values_list("user__email", flat=True))
