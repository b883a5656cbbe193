"""The shapes of the answers about webhook endpoints."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Literal, cast

from pydantic import Field

from accounts.models import WebhookEndpoint
from dashboard.api.answers import Answer


class Webhook(Answer):
    id: uuid.UUID = Field(description="Names the endpoint in further calls.")
    url: str = Field(description="Where events are sent.", examples=["https://example.com/hooks/packshot"])
    events: list[str] = Field(
        description="The types of events that are sent; `*` is all of them.", examples=[["job.succeeded", "job.failed"]]
    )
    status: Literal["active", "disabled"] = Field(
        description="Nothing is sent to a disabled one. An endpoint is disabled on the Webhooks page, by answering "
        "410, or when every delivery has failed for days.",
        examples=["active"],
    )
    disabled_reason: str | None = Field(description="Why it is disabled, in words.", examples=[None])
    created_at: datetime = Field(description="When it was made.")


class NewWebhook(Webhook):
    secret: str = Field(
        description="Signs every event; shown this once.",
        examples=["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD1Qh0a2wTaQs="],
    )


class WebhookList(Answer):
    webhooks: list[Webhook] = Field(description="The oldest first.")


def webhook(row: WebhookEndpoint) -> Webhook:
    return Webhook(
        id=row.pk,
        url=row.url,
        events=row.events,
        status=cast('Literal["active", "disabled"]', str(row.status)),
        disabled_reason=row.disabled_reason or None,
        created_at=row.created_at,
    )


def new_webhook(row: WebhookEndpoint, secret: str) -> NewWebhook:
    return NewWebhook(**webhook(row).model_dump(), secret=secret)
