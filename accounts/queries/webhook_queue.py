"""What waits to be delivered, over every organization: for the operator."""

from __future__ import annotations

from django.db.models import Count, Min
from django.utils import timezone

from accounts.kit.queue_state import QueueState
from accounts.models import WebhookDelivery


def webhook_queue() -> QueueState:
    """Deliveries whose time has come."""
    now = timezone.now()
    due = WebhookDelivery.unscoped.filter(next_try_at__lte=now, status__in=WebhookDelivery.OPEN)
    found = due.aggregate(count=Count("pk"), oldest=Min("next_try_at"))
    return QueueState.of(found["count"], found["oldest"], now)
