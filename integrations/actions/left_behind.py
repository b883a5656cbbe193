"""Connections whose makers have left the organization pass to its owners and admins, who see and change all."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import AuditEntry, Membership
from integrations.models import Connection


def sweep() -> None:
    """They go on working, for a shop must not hang on one person."""
    still_here = Membership.unscoped.filter(organization=OuterRef("organization"), user=OuterRef("maker"))
    rows = Connection.unscoped.filter(disconnected_at=None, maker__isnull=False).exclude(Exists(still_here))
    for row in rows.select_related("maker")[:200]:
        with transaction.atomic():
            if Connection.unscoped.filter(pk=row.pk, maker=row.maker_id).update(maker=None):
                AuditEntry.unscoped.create(
                    organization_id=row.organization_id,
                    action="connection.passed_on",
                    target_kind="connection",
                    target_id=str(row.pk),
                    details={"name": row.name, "before": {"maker": row.maker.email if row.maker else ""}},
                    credential="check",
                )
