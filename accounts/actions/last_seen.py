"""When a member was last here."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.models import Membership

_STEP = timedelta(minutes=5)


def note_seen(membership: Membership) -> None:
    """At most one write in five minutes, however many pages are opened."""
    now = timezone.now()
    if membership.last_seen_at and now - membership.last_seen_at < _STEP:
        return
    Membership.unscoped.filter(Q(last_seen_at=None) | Q(last_seen_at__lte=now - _STEP), pk=membership.pk).update(
        last_seen_at=now
    )
