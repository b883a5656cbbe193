"""Audit rows. Every action writes its own, inside its transaction."""

from __future__ import annotations

from typing import Any

from accounts.access.actor import Actor
from accounts.models import AuditEntry


def record(
    actor: Actor, action: str, *, target_kind: str, target_id: object, details: dict[str, Any] | None = None
) -> None:
    AuditEntry.unscoped.create(
        organization=actor.organization,
        action=action,
        target_kind=target_kind,
        target_id=str(target_id),
        details=details or {},
        user=actor.user,
        credential=actor.credential,
        ip=actor.ip,
        request_id=actor.request_id,
    )
