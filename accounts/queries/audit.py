"""The audit log as it is read."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.models import ApiKey, AuditEntry, User
from accounts.queries.numbered_rows import between

_MOST_PEOPLE = 1000
# accounts.access.actor.Actor.credential of who has no key.
_WITHOUT_KEY = ("session", "command")


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
        entries = entries.filter(_by(actor, who))
    if action:
        entries = entries.filter(action__startswith=action) if action[-1] == "." else entries.filter(action=action)
    return between(entries, AuditEntry.objects.of(actor), since, until)


def _by(actor: Actor, who: str) -> Q:
    """People and keys are looked up first: there are few of them, and their entries are in an index."""
    own = AuditEntry.objects.of(actor)
    named = User.objects.filter(Q(name__icontains=who) | Q(email__icontains=who))
    people = list(named.filter(Exists(own.filter(user=OuterRef("pk")))).values_list("pk", flat=True)[:_MOST_PEOPLE])
    prefix = who.rstrip("…")
    keys = set(ApiKey.objects.of(actor).filter(prefix__startswith=prefix).values_list("prefix", flat=True))
    keys |= {word for word in _WITHOUT_KEY if word.startswith(prefix)}
    return Q(user__in=people) | Q(credential__in=keys)
