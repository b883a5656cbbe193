"""Webhook endpoints: make, choose events, disable, enable, delete, test."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import audit, webhook_outbox
from accounts.kit import encryption, webhook_signatures
from accounts.kit.errors import Conflict, InvalidInput, NotFound
from accounts.kit.outbound import OutboundError, check_url
from accounts.kit.webhook_events import ALL_EVENTS, CHOICES, EVENTS, TEST
from accounts.models import Organization, WebhookDelivery, WebhookEndpoint

_LONGEST_URL = 2000


@transaction.atomic
def create_endpoint(actor: Actor, *, url: str, events: list[str]) -> tuple[WebhookEndpoint, str]:
    """The endpoint and its secret, which is shown this once. Names are resolved at each delivery, not here."""
    actor.require(Permission.WEBHOOKS_WRITE)
    url = _checked_url(url)
    chosen = _checked_events(events)
    # The organization's row lock: two calls at once cannot both be the last that fits.
    Organization.objects.select_for_update(no_key=True).get(pk=actor.organization.pk)
    most = settings.WEBHOOK_MAX_ENDPOINTS
    if WebhookEndpoint.objects.of(actor).filter(deleted_at=None).count() >= most:
        raise Conflict(
            gettext(
                "An organization has at most {most} webhook endpoints. Delete one that is not used any more."
            ).format(most=most)
        )
    secret = webhook_signatures.new_secret()
    endpoint = WebhookEndpoint.unscoped.create(
        organization=actor.organization,
        url=url,
        events=chosen,
        secret=encryption.encrypt(secret),
        created_by=actor.user,
    )
    _audit(actor, "webhook.created", endpoint, url=url, events=chosen)
    return endpoint, secret


@transaction.atomic
def set_events(actor: Actor, *, endpoint_id: uuid.UUID, events: list[str]) -> WebhookEndpoint:
    endpoint = locked_endpoint(actor, endpoint_id)
    endpoint.events = _checked_events(events)
    endpoint.save(update_fields=["events"])
    _audit(actor, "webhook.changed", endpoint, events=endpoint.events)
    return endpoint


@transaction.atomic
def delete_endpoint(actor: Actor, *, endpoint_id: uuid.UUID) -> WebhookEndpoint:
    """Ends it at once. What was delivered stays readable for as long as deliveries are kept; the secrets do not."""
    endpoint = locked_endpoint(actor, endpoint_id)
    endpoint.deleted_at = timezone.now()
    endpoint.secret = endpoint.previous_secret = ""
    endpoint.save(update_fields=["deleted_at", "secret", "previous_secret"])
    give_up_waiting(endpoint, "The endpoint was deleted.")
    _audit(actor, "webhook.deleted", endpoint, url=endpoint.url)
    return endpoint


@transaction.atomic
def disable_endpoint(actor: Actor, *, endpoint_id: uuid.UUID) -> WebhookEndpoint:
    endpoint = locked_endpoint(actor, endpoint_id)
    if endpoint.active:
        turn_off(endpoint, f"Disabled by {actor.user.display_name if actor.user else 'an operator'}.")
        _audit(actor, "webhook.disabled", endpoint, url=endpoint.url)
    return endpoint


@transaction.atomic
def enable_endpoint(actor: Actor, *, endpoint_id: uuid.UUID) -> WebhookEndpoint:
    """Events from now on; what was given up in the meantime can be sent again."""
    endpoint = locked_endpoint(actor, endpoint_id)
    if not endpoint.active:
        endpoint.status = WebhookEndpoint.Status.ACTIVE
        endpoint.disabled_reason = ""
        endpoint.failing_since = None
        endpoint.save(update_fields=["status", "disabled_reason", "failing_since"])
        _audit(actor, "webhook.enabled", endpoint, url=endpoint.url)
    return endpoint


@transaction.atomic
def send_test(actor: Actor, *, endpoint_id: uuid.UUID) -> WebhookDelivery:
    """A `webhook.test` for this endpoint, signed and tried again like every event."""
    endpoint = locked_endpoint(actor, endpoint_id)
    if not endpoint.active:
        raise Conflict(gettext("This endpoint is disabled. Enable it, then send a test."))
    delivery = webhook_outbox.write_to(endpoint, TEST, {"message": "This is a test. Your endpoint answers."})
    _audit(actor, "webhook.tested", endpoint, url=endpoint.url)
    return delivery


def turn_off(endpoint: WebhookEndpoint, reason: str) -> None:
    """The caller holds the endpoint's row lock."""
    endpoint.status = WebhookEndpoint.Status.DISABLED
    endpoint.disabled_reason = reason[:300]
    endpoint.save(update_fields=["status", "disabled_reason"])
    give_up_waiting(endpoint, "The endpoint was disabled before this could be delivered.")


def give_up_waiting(endpoint: WebhookEndpoint, reason: str) -> None:
    WebhookDelivery.unscoped.filter(endpoint=endpoint, status__in=WebhookDelivery.OPEN).update(
        status=WebhookDelivery.Status.GIVEN_UP, reason=reason, next_try_at=None, lease_until=None
    )


def locked_endpoint(actor: Actor, endpoint_id: uuid.UUID) -> WebhookEndpoint:
    """Raises NotFound, also for one that was deleted."""
    actor.require(Permission.WEBHOOKS_WRITE)
    found = WebhookEndpoint.objects.of(actor).filter(pk=endpoint_id, deleted_at=None)
    # No key: a job that ends and writes a delivery to it need not wait.
    endpoint = found.select_for_update(no_key=True).first()
    if endpoint is None:
        raise NotFound(gettext("There is no such webhook endpoint."))
    return endpoint


def _audit(actor: Actor, action: str, endpoint: WebhookEndpoint, **details: object) -> None:
    audit.record(actor, action, target_kind="webhook_endpoint", target_id=endpoint.pk, details=details)


def _checked_url(url: str) -> str:
    url = url.strip()
    if not url:
        raise InvalidInput(
            gettext("Name the address that is to be called, such as https://example.com/hooks."), field="url"
        )
    if len(url) > _LONGEST_URL:
        raise InvalidInput(
            gettext("Use an address of at most {longest_url} characters.").format(longest_url=_LONGEST_URL), field="url"
        )
    try:
        check_url(url)
    except OutboundError as error:
        raise InvalidInput(error.detail, field="url") from None
    return url


def _checked_events(events: list[str]) -> list[str]:
    if not events:
        raise InvalidInput(gettext("Choose at least one event, or * for all of them."), field="events")
    unknown = [name for name in events if name != ALL_EVENTS and name not in EVENTS]
    if unknown:
        raise InvalidInput(
            gettext("{unknown} is not an event. There are: {choices}, and * for all of them.").format(
                unknown=unknown[0][:80], choices=", ".join(CHOICES)
            ),
            field="events",
        )
    return [ALL_EVENTS] if ALL_EVENTS in events else [name for name in EVENTS if name in events]
