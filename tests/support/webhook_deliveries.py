"""The deliveries of the tests' webhooks."""

from __future__ import annotations

from django.utils import timezone

from accounts.models import WebhookDelivery


def only() -> WebhookDelivery:
    return WebhookDelivery.unscoped.get()


def make_due() -> None:
    WebhookDelivery.unscoped.filter(next_try_at__isnull=False).update(next_try_at=timezone.now())
