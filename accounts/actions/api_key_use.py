"""When, from where and for what an API key was last used."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.models import ApiKey

_STEP = timedelta(minutes=1)
_ENDPOINT = 200


def note_use(row: ApiKey, *, ip: str | None, endpoint: str) -> None:
    """At most one write a minute, however busy the key; calls in between leave no trace here."""
    now = timezone.now()
    if row.last_used_at and now - row.last_used_at < _STEP:
        return
    # Compare-and-set: of many calls at the same moment one writes.
    ApiKey.unscoped.filter(Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - _STEP), pk=row.pk).update(
        last_used_at=now, last_used_ip=ip, last_used_endpoint=endpoint[:_ENDPOINT]
    )
