"""Telling people that an endpoint was disabled by itself."""

from __future__ import annotations

from functools import partial
from smtplib import SMTPException

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.access.permissions import Role
from accounts.models import AuditEntry, Membership, WebhookEndpoint

log = structlog.get_logger(__name__)


def tell_that_it_is_disabled(endpoint: WebhookEndpoint) -> None:
    """An audit row of nobody's doing, and after the commit an e-mail to owners and admins."""
    AuditEntry.unscoped.create(
        organization_id=endpoint.organization_id,
        action="webhook.disabled",
        target_kind="webhook_endpoint",
        target_id=str(endpoint.pk),
        details={"url": endpoint.url, "reason": endpoint.disabled_reason},
        credential="delivery",
    )
    transaction.on_commit(partial(_mail, endpoint))


def _mail(endpoint: WebhookEndpoint) -> None:
    people = Membership.unscoped.filter(
        organization_id=endpoint.organization_id, role__in=(Role.OWNER, Role.ADMIN), user__is_active=True
    ).select_related("user", "organization")
    context = {
        "endpoint": endpoint,
        "organization": endpoint.organization,
        "address": _base() + reverse("webhooks_endpoint", args=[endpoint.pk]),
    }
    subject = " ".join(render_to_string("emails/webhook_disabled_subject.txt", context).split())
    text = render_to_string("emails/webhook_disabled.txt", context)
    for person in people:
        try:
            send_mail(subject, text, None, [person.user.email])
        except (SMTPException, OSError) as error:
            # The page says it too; an unreachable mail server must not stop the deliveries.
            log.warning("webhook_alarm_not_sent", endpoint=str(endpoint.pk), error=str(error))
            return


def _base() -> str:
    return settings.BASE_URL or f"http://127.0.0.1:{settings.PORT}"
