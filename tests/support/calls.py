"""Calls of the API that were never made, for the statistics."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from accounts.access.actor import Actor
from accounts.kit.call_made import CallMade


def call(
    actor: Actor,
    *,
    key: uuid.UUID | None = None,
    endpoint: str = "POST /api/v1/process",
    label: str = "",
    status: int = 200,
    milliseconds: float = 5.0,
    at: datetime = datetime(2026, 11, 3, 12, tzinfo=UTC),
) -> CallMade:
    """A good call of noon, 3 November 2026, unless told otherwise."""
    return CallMade(actor.organization.pk, key, endpoint, label, status, milliseconds, at)
