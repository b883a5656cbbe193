"""Claims of deliveries, and what a try changes: fenced, so that a worker that was given up for dead changes nothing."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from accounts.actions.webhook_alarm import tell_that_it_is_disabled
from accounts.actions.webhook_endpoints import turn_off
from accounts.actions.webhook_sending import Outcome
from accounts.kit import metrics, shared_clock
from accounts.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint

log = structlog.get_logger(__name__)

# Pauses after the first, second, … failed try, in seconds: ten tries over about three days.
RETRIES = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
# So that everything a receiver missed does not come back in the same second.
_JITTER = 0.1


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to try a delivery, until its lease ends and somebody else takes it."""

    delivery_id: uuid.UUID
    number: int


def claim(delivery: WebhookDelivery) -> Claim | None:
    """None when another worker was faster."""
    now = shared_clock.now()
    number = delivery.claims + 1
    taken = WebhookDelivery.unscoped.filter(
        Q(lease_until=None) | Q(lease_until__lte=now),
        pk=delivery.pk,
        claims=delivery.claims,
        status__in=WebhookDelivery.OPEN,
        next_try_at__lte=now,
    ).update(claims=F("claims") + 1, lease_until=now + lease())
    return Claim(delivery.pk, number) if taken else None


def lease() -> timedelta:
    return timedelta(seconds=settings.WEBHOOK_TIMEOUT_SECONDS + 15)


def give_back(held: Claim) -> None:
    """The worker ends in the middle of a try: the next one makes it anew, with the same webhook-id."""
    WebhookDelivery.unscoped.filter(pk=held.delivery_id, claims=held.number).update(lease_until=None)


def release_all() -> None:
    """No worker is alive: what they held need not wait for its lease."""
    WebhookDelivery.unscoped.filter(lease_until__isnull=False).update(lease_until=None)


@transaction.atomic
def record(held: Claim, outcome: Outcome) -> bool:
    """Writes the try and decides what comes next; False, and nothing changed, when the claim does not hold."""
    # The endpoint's lock first, as where it is disabled: in the other order the two would wait for each other.
    endpoint_id = WebhookDelivery.unscoped.values_list("endpoint_id", flat=True).filter(pk=held.delivery_id).first()
    locked = WebhookEndpoint.unscoped.select_for_update(no_key=True)
    endpoint = locked.filter(pk=endpoint_id).first() if endpoint_id else None
    delivery = (
        WebhookDelivery.unscoped.select_for_update(of=("self",))
        .filter(pk=held.delivery_id, claims=held.number, lease_until__isnull=False)
        .first()
    )
    if delivery is None:
        return False
    delivery.tries += 1
    delivery.last_try_at = outcome.at
    delivery.lease_until = None
    delivery.reason = ""
    WebhookAttempt.unscoped.create(
        organization_id=delivery.organization_id,
        delivery=delivery,
        number=delivery.tries,
        at=outcome.at,
        signature=outcome.signature,
        ms=outcome.ms,
        status_code=outcome.status_code,
        answer=outcome.answer,
        error=outcome.error,
    )
    _decide(delivery, outcome)
    delivery.save(update_fields=["tries", "last_try_at", "lease_until", "reason", "status", "next_try_at"])
    if endpoint:
        _note_health(endpoint, delivery, outcome)
    ended = WebhookDelivery.Status(delivery.status)
    transaction.on_commit(lambda: metrics.WEBHOOK_TRIES.labels(ended.value).inc())
    return True


def next_try(tries: int, outcome: Outcome) -> datetime | None:
    """After `tries` tries, the last of which failed; None when that was the last."""
    if tries > len(RETRIES):
        return None
    pause = RETRIES[tries - 1] * (1 + _JITTER * secrets.randbelow(1000) / 1000)
    return shared_clock.now() + timedelta(seconds=max(pause, outcome.retry_after))


def _decide(delivery: WebhookDelivery, outcome: Outcome) -> None:
    if outcome.succeeded:
        delivery.status, delivery.next_try_at = WebhookDelivery.Status.SUCCEEDED, None
        return
    delivery.next_try_at = None if outcome.gone else next_try(delivery.tries, outcome)
    if delivery.next_try_at:
        delivery.status = WebhookDelivery.Status.FAILED
    else:
        delivery.status = WebhookDelivery.Status.GIVEN_UP
        if not outcome.gone:
            delivery.reason = f"{delivery.tries} tries have failed."


def _note_health(endpoint: WebhookEndpoint, delivery: WebhookDelivery, outcome: Outcome) -> None:
    if outcome.succeeded:
        if endpoint.failing_since:
            endpoint.failing_since = None
            endpoint.save(update_fields=["failing_since"])
        return
    if endpoint.failing_since is None:
        endpoint.failing_since = outcome.at
        endpoint.save(update_fields=["failing_since"])
    if not endpoint.active:
        return
    days = settings.WEBHOOK_DISABLE_AFTER_DAYS
    if outcome.gone:
        _disable(endpoint, "It answered 410 Gone: it does not want these any more.")
    elif delivery.status == WebhookDelivery.Status.GIVEN_UP and endpoint.failing_since <= outcome.at - timedelta(
        days=days
    ):
        _disable(endpoint, f"Every delivery has failed for {days} days. The last one: {outcome.error}")


def _disable(endpoint: WebhookEndpoint, reason: str) -> None:
    turn_off(endpoint, reason)
    log.warning("webhook_endpoint_disabled", endpoint=str(endpoint.pk), reason=reason)
    tell_that_it_is_disabled(endpoint)
