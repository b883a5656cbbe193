"""Whether a connection lets us in: noted where a shop has answered, told once when it stops doing so.

Told by an audit row, the event `connection.broken` and an e-mail; an audit row notes that it works again.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.actions import webhook_outbox
from accounts.models import AuditEntry
from integrations.actions.connection_mail import tell_that_it_is_broken
from integrations.base import Checked, MarketplaceError
from integrations.models import Connection

BROKEN = "connection.broken"
# What passes by itself and has not done so for this long is broken too.
_PATIENCE = timedelta(hours=24)
ASK_AGAIN = timedelta(minutes=15)


def note_working(row: Connection, checked: Checked) -> None:
    """The caller holds the row's lock."""
    if row.broken:
        _audit(row, "recovered", {"broken_since": row.broken_since.isoformat() if row.broken_since else ""})
    row.options, row.notes = dict(checked.options), list(checked.notes)
    row.status, row.problem, row.broken_since, row.failing_since = Connection.Status.CONNECTED, None, None, None
    row.checked_at = timezone.now()
    row.save(update_fields=["options", "notes", "status", "problem", "broken_since", "failing_since", "checked_at"])


def note_broken(row: Connection, error: MarketplaceError) -> None:
    """The caller holds the row's lock. What passes by itself breaks a connection only when it has lasted for a day."""
    row.checked_at = timezone.now()
    row.failing_since = row.failing_since or row.checked_at
    row.save(update_fields=["checked_at", "failing_since"])
    if not error.permanent and row.checked_at - row.failing_since < _PATIENCE:
        return
    first = not row.broken
    row.status = Connection.Status.BROKEN
    row.problem = {"code": error.code, "detail": error.detail, "blame": error.blame.value}
    row.broken_since = row.broken_since or row.checked_at
    if row.check_after:
        # Whoever has found out: it is asked again soon.
        row.check_after = min(row.check_after, row.checked_at + ASK_AGAIN)
    row.save(update_fields=["status", "problem", "broken_since", "check_after"])
    if first:
        _audit(row, "broke", {"code": error.code, "reason": error.detail})
        webhook_outbox.write(row.organization_id, BROKEN, lambda: event_data(row))
        tell_that_it_is_broken(row)


def event_data(row: Connection) -> dict[str, Any]:
    """The data of `connection.broken`."""
    return {"connectionId": row.pk, "reason": (row.problem or {}).get("detail", "")}


def _audit(row: Connection, what: str, details: dict[str, str]) -> None:
    """Nobody's doing."""
    AuditEntry.unscoped.create(
        organization_id=row.organization_id,
        action=f"connection.{what}",
        target_kind="connection",
        target_id=str(row.pk),
        details={"name": row.name, **details},
        credential="check",
    )
