"""The e-mail that says an organization is being closed: whoever may keep it hears of it."""

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

from accounts.access.permissions import Role
from accounts.kit import tasks
from accounts.models import Membership, Organization, User

log = structlog.get_logger(__name__)


def tell(row: Organization, *, who: User | None) -> None:
    """After the commit, by a worker."""
    name = who.display_name if who else "The operator"
    transaction.on_commit(partial(tasks.send, "accounts.mail_closing", str(row.pk), name, queue="io"))


def mail_closing(organization_id: uuid.UUID, who: str) -> None:
    """To owners and admins."""
    row = Organization.objects.filter(pk=organization_id, closes_at__isnull=False).first()
    if row is None:
        return
    people = Membership.unscoped.filter(
        organization=row, user__is_active=True, role__in=(Role.OWNER, Role.ADMIN)
    ).order_by("pk")
    address = (settings.BASE_URL or f"http://127.0.0.1:{settings.PORT}") + reverse("settings_organization")
    context = {"organization": row, "who": who, "address": address}
    subject = " ".join(render_to_string("emails/closing_subject.txt", context).split())
    text = render_to_string("emails/closing.txt", context)
    try:
        with get_connection() as connection:
            addresses = people.values_list("user__email", flat=True)
            connection.send_messages([EmailMessage(subject, text, None, [each]) for each in addresses])
    except (SMTPException, OSError) as error:
        # Every page of the organization says it too.
        log.warning("closing_mail_not_sent", organization=str(row.pk), error=str(error))
