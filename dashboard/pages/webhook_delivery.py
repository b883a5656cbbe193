"""One delivery: what was sent, every answer, what comes next; send again."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions.webhook_deliveries import send_again
from accounts.actions.webhook_sending import request_headers
from accounts.kit.errors import Conflict
from accounts.models import WebhookAttempt, WebhookDelivery
from accounts.queries import webhooks as queries
from dashboard.access import member

_LONGEST_SHOWN = 50_000
# A try that is so near is waited for on the page.
_SOON = timedelta(seconds=30)


@require_GET
@member(Permission.WEBHOOKS_WRITE)
def page(request: HttpRequest, actor: Actor, delivery_id: uuid.UUID) -> HttpResponse:
    delivery = queries.delivery(actor, delivery_id)
    tries = sorted(delivery.attempts.all(), key=lambda attempt: -attempt.number)
    soon = delivery.next_try_at is not None and delivery.next_try_at <= timezone.now() + _SOON
    context = {
        "delivery": delivery,
        "event": delivery.event,
        "tries": tries,
        "follow": soon,
        "headers": _headers(delivery, tries[0] if tries else None),
        "body": _laid_out(delivery.event.body),
    }
    return render(request, "pages/webhook_delivery.html", context)


@require_POST
@member(Permission.WEBHOOKS_WRITE)
def again(request: HttpRequest, actor: Actor, delivery_id: uuid.UUID) -> HttpResponse:
    try:
        send_again(actor, delivery_id=delivery_id)
    except Conflict as error:
        messages.error(request, error.detail)
    return redirect("webhooks_delivery", delivery_id)


def _headers(delivery: WebhookDelivery, attempt: WebhookAttempt | None) -> str:
    """Of the last try."""
    if attempt is None:
        return ""
    sent = request_headers(delivery.event.message_id, int(attempt.at.timestamp()), attempt.signature)
    return "\n".join(f"{name}: {value}" for name, value in sent.items())


def _laid_out(body: str) -> str:
    text = json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}\n…"
