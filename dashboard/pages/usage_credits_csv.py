"""The ledger as CSV, with the page's filters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from itertools import islice

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_GET

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import InvalidInput
from accounts.queries.ledger import ledger
from dashboard.access import member
from dashboard.csv_stream import Cell, csv_response
from dashboard.pages.ledger_filters import LedgerFilters, filters_of
from dashboard.pages.ledger_rows import ledger_rows

_HEADER = ("time (UTC)", "kind", "amount", "charged", "balance after", "for", "job", "by")
_AT_ONCE = 500


@require_GET
@member(Permission.CREDITS_READ)
def download(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    filters = filters_of(request)
    for name, detail in filters.errors.items():
        raise InvalidInput(detail, field=name)
    return csv_response("credits.csv", _HEADER, _rows(actor, filters))


def _rows(actor: Actor, filters: LedgerFilters) -> Iterator[tuple[Cell, ...]]:
    entries = ledger(actor, kind=filters.kind, since=filters.since, until=filters.until)
    every = entries.iterator(chunk_size=_AT_ONCE)
    while some := list(islice(every, _AT_ONCE)):
        for row in ledger_rows(actor, some):
            entry = row.entry
            yield (
                entry.created_at.astimezone(UTC).isoformat(timespec="seconds"),
                entry.kind,
                entry.amount,
                entry.charged,
                entry.balance_after,
                row.words,
                str(entry.job_id or ""),
                row.who,
            )
