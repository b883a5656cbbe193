"""Webhook endpoints: list, make, read, delete."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, Field

from accounts.access.permissions import Permission
from accounts.actions.webhook_endpoints import create_endpoint, delete_endpoint
from accounts.kit.webhook_events import ALL_EVENTS
from accounts.queries import webhooks as queries
from dashboard.addresses import base
from dashboard.api.answers import problems
from dashboard.api.auth import Requires, caller
from dashboard.api.body import read_body
from dashboard.api.request_docs import json_docs
from dashboard.api.webhook_answers import NewWebhook, Webhook, WebhookList, new_webhook, webhook
from processing.operations.validate import validate

router = Router(tags=["Webhooks"], by_alias=True)
_LIMIT = 100_000
_URL = "https://example.com/hooks/packshot"


class WebhookFields(BaseModel):
    """Body of `POST /api/v1/webhooks`."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(
        title="URL",
        description="Where events are sent, http or https. Names are resolved at each delivery.",
        max_length=2000,
        examples=[_URL],
    )
    events: str | list[str] = Field(
        default=[ALL_EVENTS],
        title="Events",
        description="The types of events to send; `*`, the default, is all of them, also those of later versions.",
        examples=[["job.succeeded", "job.failed"]],
    )


@router.get(
    "/webhooks",
    auth=Requires(Permission.WEBHOOKS_WRITE),
    operation_id="listWebhooks",
    summary="List webhook endpoints",
    description="The organization's endpoints, the oldest first, all in one answer.",
    response={200: WebhookList, **problems(401, 403, 429)},
)
def list_webhooks(request: HttpRequest) -> WebhookList:
    return WebhookList(webhooks=[webhook(row) for row in queries.endpoints(caller(request))])


@router.post(
    "/webhooks",
    auth=Requires(Permission.WEBHOOKS_WRITE),
    operation_id="createWebhook",
    summary="Make a webhook endpoint",
    description="Events are sent to the address from now on, signed with the secret of this answer. The secret is "
    "shown this once; on the Webhooks page it can be rotated.",
    response={201: NewWebhook, **problems(400, 401, 403, 409, 413, 415, 429)},
    openapi_extra={
        **json_docs(
            WebhookFields,
            {
                "The end of jobs": {"url": _URL, "events": ["job.succeeded", "job.failed", "job.canceled"]},
                "Everything": {"url": _URL},
            },
        ),
        "responses": {
            201: {"headers": {"Location": {"schema": {"type": "string"}, "description": "Where to ask for it."}}}
        },
    },
)
def create(request: HttpRequest, response: HttpResponse) -> Status[NewWebhook]:
    actor = caller(request)
    wanted = validate(WebhookFields, read_body(request, limit=_LIMIT, repeatable={"events"}).fields)
    events = [wanted.events] if isinstance(wanted.events, str) else wanted.events
    row, secret = create_endpoint(actor, url=wanted.url, events=events)
    response["Location"] = base(request) + reverse("api_v1:webhook", args=[row.pk])
    return Status(201, new_webhook(row, secret))


@router.get(
    "/webhooks/{uuid:webhook_id}",
    auth=Requires(Permission.WEBHOOKS_WRITE),
    operation_id="getWebhook",
    summary="Read a webhook endpoint",
    description="As in the list: never with its secret.",
    response={200: Webhook, **problems(401, 403, 404, 429)},
    url_name="webhook",
)
def read(request: HttpRequest, webhook_id: uuid.UUID) -> Webhook:
    return webhook(queries.endpoint(caller(request), webhook_id))


@router.delete(
    "/webhooks/{uuid:webhook_id}",
    auth=Requires(Permission.WEBHOOKS_WRITE),
    operation_id="deleteWebhook",
    summary="Delete a webhook endpoint",
    description="Nothing more is sent to it, also not what is still to be tried again.",
    response={204: None, **problems(401, 403, 404, 429)},
)
def delete(request: HttpRequest, webhook_id: uuid.UUID) -> Status[None]:
    delete_endpoint(caller(request), endpoint_id=webhook_id)
    return Status(204, None)
