"""Deliveries in words: `{{ delivery|next_try }}`, `{{ endpoint|events_in_words }}`."""

from __future__ import annotations

import math

from django import template
from django.utils import timezone

from accounts.kit.webhook_events import ALL_EVENTS
from accounts.models import WebhookDelivery, WebhookEndpoint

register = template.Library()


@register.filter
def next_try(delivery: WebhookDelivery) -> str:
    """ "now", "in 4 s", "in 5 min", "in 20 h"; empty when there will be none."""
    if delivery.next_try_at is None:
        return ""
    seconds = (delivery.next_try_at - timezone.now()).total_seconds()
    if seconds < 1:
        return "now"
    if seconds < 60:
        return f"in {math.ceil(seconds)} s"
    if seconds < 3600:
        return f"in {math.ceil(seconds / 60)} min"
    return f"in {math.ceil(seconds / 3600)} h"


@register.filter
def events_in_words(endpoint: WebhookEndpoint) -> str:
    """ "All events", one name, or how many."""
    if ALL_EVENTS in endpoint.events:
        return "All events"
    return endpoint.events[0] if len(endpoint.events) == 1 else f"{len(endpoint.events)} events"
