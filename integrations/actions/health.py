"""Whether a connection lets us in: noted where a shop has answered, told once when it stops doing so."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from accounts.actions import webhook_outbox
from integrations.base import Checked, MarketplaceError
from integrations.models import Connection

BROKEN = "connection.broken"


def note_working(row: Connection, checked: Checked) -> None:
    """The caller holds the row's lock."""
    row.options, row.notes = dict(checked.options), list(checked.notes)
    row.status, row.problem, row.broken_since = Connection.Status.CONNECTED, None, None
    row.checked_at = timezone.now()
    row.save(update_fields=["options", "notes", "status", "problem", "broken_since", "checked_at"])


def note_broken(row: Connection, error: MarketplaceError) -> None:
    """The caller holds the row's lock. What passes by itself breaks no connection."""
    row.checked_at = timezone.now()
    row.save(update_fields=["checked_at"])
    if not error.permanent:
        return
    first = not row.broken
    row.status = Connection.Status.BROKEN
    row.problem = {"code": error.code, "detail": error.detail, "blame": error.blame.value}
    row.broken_since = row.broken_since or row.checked_at
    row.save(update_fields=["status", "problem", "broken_since"])
    if first:
        webhook_outbox.write(row.organization_id, BROKEN, lambda: event_data(row))


def event_data(row: Connection) -> dict[str, Any]:
    """The data of `connection.broken`."""
    return {"connectionId": row.pk, "reason": (row.problem or {}).get("detail", "")}
