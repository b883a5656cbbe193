"""The audit log as it is read."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.models import AuditEntry


def audit_log(
    actor: Actor, *, who: str = "", action: str = "", since: datetime | None = None, until: datetime | None = None
) -> QuerySet[AuditEntry]:
    """Entries from `since` until just before `until`, newest first, with their people.

    `who`: part of a name or e-mail address, or the beginning of a key's prefix. `action`: one such as
    `api_key.created`, or with a dot at its end all that begin with it.
    """
    actor.require(Permission.AUDIT_READ)
    entries = AuditEntry.objects.of(actor).select_related("user").order_by("-pk")
    if who:
        person = Q(user__name__icontains=who) | Q(user__email__icontains=who)
        entries = entries.filter(person | Q(credential__startswith=who.rstrip("…")))
    if action:
        entries = entries.filter(action__startswith=action) if action[-1] == "." else entries.filter(action=action)
    if since:
        entries = entries.filter(created_at__gte=since)
    if until:
        entries = entries.filter(created_at__lt=until)
    return entries
