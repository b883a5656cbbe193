"""Audit rows. Every action writes its own, inside its transaction."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.models import AuditEntry

_AT_ONCE = 1_000
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


def remove_old() -> None:
    """The sweeper's part: entries beyond AUDIT_KEEP_DAYS, where the operator has set it."""
    if not settings.AUDIT_KEEP_DAYS:
        return
    until = timezone.now() - timedelta(days=settings.AUDIT_KEEP_DAYS)
    old = list(AuditEntry.unscoped.filter(created_at__lt=until).order_by("pk").values_list("pk", flat=True)[:_AT_ONCE])
    if old:
        with transaction.atomic():
            allow_purge()
            AuditEntry.unscoped.filter(pk__in=old).delete()


def allow_purge() -> None:
    """PostgreSQL lets entries be deleted only by a transaction that has said so."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL packshot.audit_purge = 'on'")


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
