"""Usage as CSV: the day rows with the page's filters, as fine as they are kept."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_GET

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import InvalidInput
from accounts.models.usage_day import BUCKETS, NO_KEY
from accounts.queries.latency import percentile
from accounts.queries.usage import usage_rows
from dashboard.access import member
from dashboard.csv_stream import Cell, csv_response
from dashboard.pages.usage_filters import Filters, filters_of

_HEADER = (
    "day (UTC)", "key prefix", "key name", "endpoint", "label", "calls", "client errors", "server errors", "credits",
    "mean ms", "median ms (estimate)", "95 % ms (estimate)",
)  # fmt: skip


@require_GET
@member(Permission.CREDITS_READ)
def download(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    filters = filters_of(request, actor)
    for name, detail in filters.period.errors.items():
        raise InvalidInput(detail, field=name)
    first, last = filters.wanted.first.isoformat(), filters.wanted.last.isoformat()
    return csv_response(f"usage-{first}-{last}.csv", _HEADER, _rows(actor, filters))


def _rows(actor: Actor, filters: Filters) -> Iterator[tuple[Cell, ...]]:
    rows = usage_rows(actor, filters.wanted).order_by("day", "key", "endpoint", "label")
    for row in rows.iterator(chunk_size=1000):
        key = filters.api_keys.get(row.key)
        histogram = [getattr(row, bucket) for bucket in BUCKETS]
        yield (
            row.day.isoformat(),
            key.prefix if key else "",
            key.name if key else "Dashboard" if row.key == NO_KEY else "",
            row.endpoint,
            row.label,
            row.calls,
            row.errors_4xx,
            row.errors_5xx,
            row.credits,
            round(row.total_ms / row.calls, 1) if row.calls else None,
            _rounded(percentile(histogram, 0.5)),
            _rounded(percentile(histogram, 0.95)),
        )


def _rounded(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else round(milliseconds, 1)
