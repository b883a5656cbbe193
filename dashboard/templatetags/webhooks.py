"""Deliveries in words: `{{ delivery|next_try }}`, `{{ endpoint|events_in_words }}`."""

from __future__ import annotations

import math

from django import template
from django.utils import timezone
from django.utils.translation import gettext

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
        return gettext("now")
    if seconds < 60:
        return gettext("in {ceil} s").format(ceil=math.ceil(seconds))
    if seconds < 3600:
        return gettext("in {ceil} min").format(ceil=math.ceil(seconds / 60))
    return gettext("in {ceil} h").format(ceil=math.ceil(seconds / 3600))


@register.filter
def events_in_words(endpoint: WebhookEndpoint) -> str:
    """ "All events", one name, or how many."""
    if ALL_EVENTS in endpoint.events:
        return gettext("All events")
    return (
        endpoint.events[0]
        if len(endpoint.events) == 1
        else gettext("{events} events").format(events=len(endpoint.events))
    )
