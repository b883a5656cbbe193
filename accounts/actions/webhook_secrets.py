"""Rotating what signs: the new secret at once, the old one beside it until its end, so that nothing is refused."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import audit
from accounts.actions.webhook_endpoints import locked_endpoint
from accounts.kit import encryption, webhook_signatures
from accounts.kit.errors import InvalidInput
from accounts.models import OrganizationWebhookSecret, WebhookEndpoint
from accounts.models.signing_secret import SigningSecret

OVERLAP_HOURS = (0, 24, 72, 168)
_FIELDS = ["secret", "previous_secret", "previous_secret_until"]


@transaction.atomic
def rotate_endpoint_secret(
    actor: Actor, *, endpoint_id: uuid.UUID, overlap_hours: int = 24
) -> tuple[WebhookEndpoint, str]:
    """The endpoint and its new secret, which is shown this once."""
    endpoint = locked_endpoint(actor, endpoint_id)
    secret, until = _rotate(endpoint, overlap_hours)
    endpoint.save(update_fields=_FIELDS)
    audit.record(
        actor,
        "webhook.secret_rotated",
        target_kind="webhook_endpoint",
        target_id=endpoint.pk,
        details={"url": endpoint.url, "old_signs_until": until.isoformat() if until else None},
    )
    return endpoint, secret


@transaction.atomic
def rotate_default_secret(actor: Actor, *, overlap_hours: int = 24) -> str:
    """A new secret for the calls to the webhookUrl of jobs."""
    actor.require(Permission.WEBHOOKS_WRITE)
    row = organization_secret(actor.organization.pk)
    row = OrganizationWebhookSecret.objects.of(actor).select_for_update().get(pk=row.pk)
    secret, until = _rotate(row, overlap_hours)
    row.save(update_fields=_FIELDS)
    audit.record(
        actor,
        "webhook.default_secret_rotated",
        target_kind="organization",
        target_id=actor.organization.pk,
        details={"old_signs_until": until.isoformat() if until else None},
    )
    return secret


def default_secret(actor: Actor) -> OrganizationWebhookSecret:
    """Made on the first look at it."""
    actor.require(Permission.WEBHOOKS_WRITE)
    return organization_secret(actor.organization.pk)


def organization_secret(organization_id: uuid.UUID) -> OrganizationWebhookSecret:
    found = OrganizationWebhookSecret.unscoped.filter(organization_id=organization_id).first()
    if found:
        return found
    made = encryption.encrypt(webhook_signatures.new_secret())
    try:
        with transaction.atomic():
            return OrganizationWebhookSecret.unscoped.create(organization_id=organization_id, secret=made)
    except IntegrityError:  # a page and a delivery at the same moment
        return OrganizationWebhookSecret.unscoped.get(organization_id=organization_id)


def _rotate(row: SigningSecret, overlap_hours: int) -> tuple[str, datetime | None]:
    if overlap_hours not in OVERLAP_HOURS:
        raise InvalidInput(
            gettext("The old secret can go on for {names} hours.").format(names=", ".join(map(str, OVERLAP_HOURS))),
            field="overlap",
        )
    secret = webhook_signatures.new_secret()
    until = timezone.now() + timedelta(hours=overlap_hours) if overlap_hours else None
    row.previous_secret = row.secret if overlap_hours else ""
    row.previous_secret_until = until
    row.secret = encryption.encrypt(secret)
    return secret, until
