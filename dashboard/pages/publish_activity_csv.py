"""The publish activity as CSV, with the page's filters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_GET

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import InvalidInput
from dashboard.access import member
from dashboard.csv_stream import Cell, csv_response
from dashboard.publish_activity import Activity, ActivityRow, activity_of

_HEADER = (
    "time (UTC)", "shop", "marketplace", "product id", "variant id", "product", "sku", "slot", "image", "sha256",
    "what", "outcome", "state now", "request", "status", "answer", "issues", "problem", "ms", "by", "api key",
    "job id", "listing", "publication id",
)  # fmt: skip


@require_GET
@member(Permission.CATALOG_READ)
def download(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    activity = activity_of(request, actor)
    if activity.problem:
        raise InvalidInput(activity.problem)
    return csv_response("publish-activity.csv", _HEADER, _rows(activity))


def _rows(activity: Activity) -> Iterator[tuple[Cell, ...]]:
    for attempt in activity.rows.iterator(chunk_size=500):
        row = ActivityRow(attempt)
        publication = row.publication
        yield (
            attempt.created_at.astimezone(UTC).isoformat(timespec="seconds"),
            publication.connection.name,
            publication.connection.marketplace,
            publication.product,
            publication.variant,
            publication.title,
            publication.sku,
            publication.slot,
            publication.filename,
            publication.sha256,
            attempt.task,
            attempt.outcome,
            publication.status,
            row.last.get("request", ""),
            row.last.get("status"),
            row.last.get("answer", ""),
            "; ".join(row.issues),
            attempt.problem,
            attempt.milliseconds,
            attempt.actor.email if attempt.actor else "",
            attempt.api_key.prefix if attempt.api_key else "",
            str(publication.job_id or ""),
            publication.remote_url,
            str(publication.pk),
        )
