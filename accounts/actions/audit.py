"""Audit rows. Every action writes its own, inside its transaction."""

from __future__ import annotations

import re
from typing import Any

from accounts.access.actor import Actor
from accounts.models import AuditEntry

MASK = "••••••"
_SECRET = re.compile(r"secret|password|token|credential|authorization|api_?key$|private", re.IGNORECASE)
# What follows the question mark of an address, or stands before its @, is often a password.
_ADDRESS = re.compile(r"^(https?://)(?:[^/?#@]*@)?([^?#]*)([?#].*)?$", re.IGNORECASE | re.DOTALL)


def record(
    actor: Actor, action: str, *, target_kind: str, target_id: object, details: dict[str, Any] | None = None
) -> None:
    """`details`: plain values; `before` and `after` hold what has changed by field. Secrets in it are masked."""
    AuditEntry.unscoped.create(
        organization=actor.organization,
        action=action,
        target_kind=target_kind,
        target_id=str(target_id),
        details=masked(details or {}),
        user=actor.user,
        credential=actor.credential,
        ip=actor.ip,
        request_id=actor.request_id,
    )


def masked(value: Any) -> Any:
    """The same without what opens anything: values whose field is called like a secret, and parts of addresses."""
    if isinstance(value, dict):
        return {
            name: MASK if _SECRET.search(str(name)) and isinstance(inner, str) and inner else masked(inner)
            for name, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [masked(inner) for inner in value]
    if isinstance(value, str) and (found := _ADDRESS.match(value)):
        return found[1] + found[2] + (f"{found[3][0]}{MASK}" if found[3] else "")
    return value
