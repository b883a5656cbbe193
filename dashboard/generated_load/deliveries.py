"""Webhook events of the last thirty days (older ones are not kept), each delivered to one endpoint."""

from __future__ import annotations

from accounts.models import WebhookAttempt, WebhookDelivery, WebhookEvent
from dashboard.generated_load.insert import array, fill, unburdened
from dashboard.generated_load.people import People
from dashboard.generated_load.sizes import Sizes

_BODY = '{"type":"job.succeeded","data":{"jobId":"x","status":"succeeded","images":[{"index":0}]}}'


def make_deliveries(people: People, sizes: Sizes) -> None:
    with unburdened(WebhookEvent, WebhookDelivery, WebhookAttempt):
        _deliver(people, sizes)


def _deliver(people: People, sizes: Sizes) -> None:
    organization = f"'{people.owner.organization.pk}'::uuid"
    # Within the last month of the year: the last twelfth of twelve times as many.
    place = f"{11 * sizes.events} + n, {12 * sizes.events}"
    rows = f"generate_series(1, {sizes.events}) AS n"
    moment = f"pg_temp.moment({place})"
    event, delivery = (f"pg_temp.seven(pg_temp.ms({place}), '{word}' || n)" for word in ("event", "delivery"))
    failed = "n % 40 = 3"
    fill(
        WebhookEvent,
        {"id": event, "organization_id": organization, "type": "(ARRAY['job.succeeded', 'job.failed'])[1 + n % 2]",
         "body": f"'{_BODY}'", "created_at": moment},
        rows,
    )  # fmt: skip
    fill(
        WebhookDelivery,
        {"id": delivery, "organization_id": organization, "event_id": event,
         "endpoint_id": f"{array(people.endpoints)}[1 + n % {len(people.endpoints)}]::uuid",
         "url": f"'https://receiver' || 1 + n % {len(people.endpoints)} || '.load.example/hooks'",
         "host": f"'receiver' || 1 + n % {len(people.endpoints)} || '.load.example'",
         "status": f"CASE WHEN {failed} THEN 'given_up' ELSE 'succeeded' END", "tries": "1",
         "next_try_at": "NULL::timestamptz", "last_try_at": moment},
        rows,
    )  # fmt: skip
    fill(
        WebhookAttempt,
        {"organization_id": organization, "delivery_id": delivery, "number": "1", "at": moment, "ms": "50 + n % 400",
         "status_code": f"CASE WHEN {failed} THEN 500 ELSE 200 END", "answer": "'ok'",
         "error": f"CASE WHEN {failed} THEN 'The server answered 500.' ELSE '' END"},
        rows,
    )  # fmt: skip
