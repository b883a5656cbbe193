"""What waits for its turn with a shop, over every organization: for the operator."""

from __future__ import annotations

from django.db.models import Count, Min, Q
from django.utils import timezone

from accounts.kit.queue_state import QueueState
from integrations.models import CatalogSync, Publication


def publication_queue() -> QueueState:
    """Those whose time has come and which nobody works on; of paused shops and of runs that wait for a look none."""
    now = timezone.now()
    due = Publication.unscoped.filter(
        Q(lease_until=None) | Q(lease_until__lte=now),
        status__in=Publication.OPEN,
        held=False,
        not_before__lte=now,
        connection__paused_at=None,
    )
    found = due.aggregate(count=Count("pk"), oldest=Min("not_before"))
    return QueueState.of(found["count"], found["oldest"], now)


def sync_queue() -> QueueState:
    now = timezone.now()
    due = CatalogSync.unscoped.filter(
        Q(lease_until=None) | Q(lease_until__lte=now), status__in=CatalogSync.OPEN, not_before__lte=now
    )
    found = due.aggregate(count=Count("pk"), oldest=Min("not_before"))
    return QueueState.of(found["count"], found["oldest"], now)
