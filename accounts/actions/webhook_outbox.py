"""The outbox: events become rows in the transaction in which they happen. The dispatcher sends what is committed."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from accounts.kit import shared_clock
from accounts.kit.outbound import OutboundError, check_url
from accounts.models import WebhookDelivery, WebhookEndpoint, WebhookEvent


def write(
    organization_id: uuid.UUID,
    event_type: str,
    data: Callable[[], Mapping[str, Any]],
    *,
    job_id: uuid.UUID | None = None,
    job_url: str = "",
) -> WebhookEvent | None:
    """One event for every endpoint that wants it, and for `job_url`; None, and nothing written, where nobody does.

    `data` is asked for only then. The caller's transaction decides whether it has happened.
    """
    active = WebhookEndpoint.unscoped.filter(
        organization_id=organization_id, status=WebhookEndpoint.Status.ACTIVE, deleted_at=None
    )
    endpoints = [endpoint for endpoint in active.order_by("pk") if endpoint.wants(event_type)]
    if not endpoints and not job_url:
        return None
    event = _event(organization_id, event_type, data(), job_id)
    targets: list[tuple[WebhookEndpoint | None, str]] = [(endpoint, endpoint.url) for endpoint in endpoints]
    if job_url:
        targets.append((None, job_url))
    WebhookDelivery.unscoped.bulk_create(_delivery(event, endpoint, url) for endpoint, url in targets)
    return event


def write_to(endpoint: WebhookEndpoint, event_type: str, data: Mapping[str, Any]) -> WebhookDelivery:
    """One event for this endpoint alone, whatever it has asked for."""
    event = _event(endpoint.organization_id, event_type, data, None)
    delivery = _delivery(event, endpoint, endpoint.url)
    delivery.save(force_insert=True)
    return delivery


def write_reply(
    organization_id: uuid.UUID, event_type: str, body: Mapping[str, Any], *, job_id: uuid.UUID, url: str
) -> WebhookEvent:
    """`body` as it is, without the envelope of events, to one address; signed and tried again as all of them."""
    event = WebhookEvent.unscoped.create(
        organization_id=organization_id,
        type=event_type,
        body=_json(body),
        job_id=job_id,
        created_at=shared_clock.now(),
    )
    _delivery(event, None, url).save(force_insert=True)
    return event


def _delivery(event: WebhookEvent, endpoint: WebhookEndpoint | None, url: str) -> WebhookDelivery:
    """Not stored yet; due at once."""
    return WebhookDelivery(
        organization_id=event.organization_id,
        event=event,
        endpoint=endpoint,
        url=url,
        host=_host(url),
        next_try_at=event.created_at,
    )


def _event(
    organization_id: uuid.UUID, event_type: str, data: Mapping[str, Any], job_id: uuid.UUID | None
) -> WebhookEvent:
    now = shared_clock.now()
    body = {"type": event_type, "timestamp": now, "data": data}
    return WebhookEvent.unscoped.create(
        organization_id=organization_id,
        type=event_type,
        body=_json(body),
        job_id=job_id,
        created_at=now,
    )


def _json(body: Mapping[str, Any]) -> str:
    """Moments and ids as the API writes them."""
    return json.dumps(body, cls=DjangoJSONEncoder, separators=(",", ":"))


def _host(url: str) -> str:
    """Name and port: what the dispatcher is fair by. What is no address any more fails at its delivery, in words."""
    try:
        return check_url(url).netloc.decode("ascii").lower()[:255]
    except OutboundError:
        return ""
