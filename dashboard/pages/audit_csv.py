"""The audit log as CSV, with the page's filters."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_GET

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import InvalidInput
from dashboard.access import member
from dashboard.csv_stream import Cell, csv_response
from dashboard.pages.audit_rows import AuditFilters, filters_of

_HEADER = (
    "time (UTC)", "action", "by", "credential", "address", "on", "id", "details", "request id",
)  # fmt: skip


@require_GET
@member(Permission.AUDIT_READ)
def download(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    filters = filters_of(request)
    for name, detail in filters.days.errors.items():
        raise InvalidInput(detail, field=name)
    return csv_response("audit.csv", _HEADER, _rows(actor, filters))


def _rows(actor: Actor, filters: AuditFilters) -> Iterator[tuple[Cell, ...]]:
    for entry in filters.entries(actor).iterator(chunk_size=500):
        yield (
            entry.created_at.astimezone(UTC).isoformat(timespec="seconds"),
            entry.action,
            entry.user.email if entry.user else "",
            entry.credential,
            entry.ip,
            entry.target_kind,
            entry.target_id,
            json.dumps(entry.details, ensure_ascii=False),
            entry.request_id,
        )
