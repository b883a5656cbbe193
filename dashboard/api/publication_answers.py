"""The shapes of the answers about publications."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Literal, cast

from pydantic import Field

from dashboard.api.answers import Answer
from integrations.models import Publication

PublicationStatus = Literal["queued", "sending", "submitted", "confirmed", "rejected", "failed", "reverted"]


class PublicationIssue(Answer):
    code: str = Field(description="What programs should look at.", examples=["image_too_small"])
    severity: Literal["error", "warning"] = Field(description="An error stands in the way.", examples=["error"])
    detail: str = Field(description="One sentence for people.", examples=["The image is smaller than 500 pixels."])
    said: str = Field(description="The shop's own code or words, where they help.", examples=["20001"])


class PublicationAnswer(Answer):
    """One image for one place of one product."""

    publication_id: uuid.UUID = Field(description="Names it in further calls.")
    status: PublicationStatus = Field(
        description="`submitted`: the shop has taken the image and does not show it yet. The ends are `confirmed` "
        "(seen in its place), `rejected` (refused, nothing changed), `failed` (broken off), `reverted` (put back).",
        examples=["confirmed"],
    )
    issues: list[PublicationIssue] = Field(description="What the shop or its rules said; mostly empty.", examples=[[]])
    note: str | None = Field(description="A sentence where the state needs one.", examples=[None])
    remote_url: str | None = Field(
        description="The listing for people; null until it is known.",
        examples=["https://shop.example.com/product/mug"],
    )
    connection_id: uuid.UUID = Field(description="The shop.")
    product_id: str = Field(description="The shop's id of the product.", examples=["98"])
    variant_id: str | None = Field(description="The shop's id of the variant; null for the product.", examples=[None])
    slot: str = Field(description="The place in the listing.", examples=["main"])
    file_id: uuid.UUID | None = Field(description="The image; null once it was deleted here.")
    job_id: uuid.UUID | None = Field(description="The job that it was named by.", examples=[None])
    dry_run: bool = Field(description="Whether it was only tried.", examples=[False])
    sandbox: bool = Field(description="Made with a test key: validated and logged, nothing is sent.", examples=[False])
    verdict: Literal["pass", "warn", "fail"] | None = Field(
        description="Of the compliance check before it is sent; null until it has run.", examples=["pass"]
    )
    override_reason: str | None = Field(description="Why a failed check was overridden.", examples=[None])
    created_at: datetime = Field(description="When it was asked for.")
    finished_at: datetime | None = Field(description="When it ended; null before.")
    reverted_at: datetime | None = Field(description="When the old image was back; null before.", examples=[None])


class PublicationList(Answer):
    publications: list[PublicationAnswer] = Field(description="Newest first.")
    next_cursor: str | None = Field(
        description="Send it as cursor for the next page; null on the last one.", examples=[None]
    )


def publication_answer(row: Publication) -> PublicationAnswer:
    return PublicationAnswer(
        publication_id=row.pk,
        status=cast("PublicationStatus", str(row.status)),
        issues=[_issue(each) for each in row.issues],
        note=row.note or None,
        remote_url=row.remote_url or None,
        connection_id=row.connection_id,
        product_id=row.product,
        variant_id=row.variant or None,
        slot=row.slot,
        file_id=row.image_id,
        job_id=row.job_id,
        dry_run=row.dry_run,
        sandbox=row.sandbox,
        verdict=cast('Literal["pass", "warn", "fail"] | None', str(row.verdict) or None),
        override_reason=row.override_reason or None,
        created_at=row.created_at,
        finished_at=row.finished_at,
        reverted_at=row.reverted_at,
    )


def _issue(each: dict[str, str]) -> PublicationIssue:
    severity = cast('Literal["error", "warning"]', each.get("severity") or "error")
    return PublicationIssue(
        code=each.get("code", ""), severity=severity, detail=each.get("detail", ""), said=each.get("said", "")
    )
