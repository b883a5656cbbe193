"""Telling people that an endpoint was disabled by itself."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.urls import reverse

from accounts.access.notification_kinds import Kind
from accounts.access.permissions import Role
from accounts.actions.notifications import tell
from accounts.kit.letters import address_of
from accounts.models import AuditEntry, Membership, WebhookEndpoint


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
    people = Membership.unscoped.filter(organization_id=endpoint.organization_id, role__in=(Role.OWNER, Role.ADMIN))
    address = address_of(reverse("webhooks_endpoint", args=[endpoint.pk]))
    tell(Kind.WEBHOOK_DISABLED, people, "webhook_disabled", {"endpoint": endpoint}, address=address)
