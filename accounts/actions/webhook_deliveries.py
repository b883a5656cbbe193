"""Deliveries: send again, and forget what is old."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import audit
from accounts.kit.errors import Conflict, NotFound
from accounts.models import WebhookDelivery, WebhookEndpoint, WebhookEvent

_AT_ONCE = 500


@transaction.atomic
def send_again(actor: Actor, *, delivery_id: uuid.UUID) -> WebhookDelivery:
    """The same event with the same webhook-id, at once, also one that has arrived. Raises Conflict."""
    actor.require(Permission.WEBHOOKS_WRITE)
    delivery = (
        WebhookDelivery.objects.of(actor)
        .select_for_update(of=("self",))
        .select_related("event", "endpoint")
        .filter(pk=delivery_id)
        .first()
    )
    if delivery is None:
        raise NotFound(gettext("There is no such delivery."))
    if not delivery.can_be_sent_again:
        raise Conflict(gettext("Its endpoint is disabled or deleted. Nothing can be sent there."))
    if delivery.lease_until and delivery.lease_until > timezone.now():
        raise Conflict(gettext("It is being sent at this very moment."))
    delivery.status = WebhookDelivery.Status.WAITING
    delivery.next_try_at = timezone.now()
    delivery.reason = ""
    delivery.save(update_fields=["status", "next_try_at", "reason"])
    audit.record(
        actor,
        "webhook.sent_again",
        target_kind="webhook_delivery",
        target_id=delivery.pk,
        details={"event": delivery.event.message_id, "type": delivery.event.type},
    )
    return delivery


def remove_old() -> None:
    """Events that have outlived their time, with their deliveries; and deleted endpoints that have none left."""
    now = timezone.now()
    old = WebhookEvent.unscoped.filter(created_at__lte=now - timedelta(days=settings.WEBHOOK_KEEP_DAYS))
    # Its last try may still come.
    old = old.exclude(Exists(WebhookDelivery.unscoped.filter(event=OuterRef("pk"), next_try_at__isnull=False)))
    WebhookEvent.unscoped.filter(pk__in=list(old.values_list("pk", flat=True)[:_AT_ONCE])).delete()
    # A day later nobody can be writing a delivery to it any more.
    WebhookEndpoint.unscoped.filter(deleted_at__lte=now - timedelta(days=1), deliveries=None).delete()
