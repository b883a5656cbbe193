"""Every shop's catalog is read once a night: what has changed, and everything once a week."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.access.actor import Actor
from integrations.actions import sync
from integrations.models import CatalogSync, Connection

_EVERYTHING_AFTER = timedelta(days=6, hours=12)
# Shops that begin at the same hour are spread over this much of it.
_SPREAD_SECONDS = 1800
_AT_ONCE = 50


def sweep() -> None:
    """Starts what is due, once: the row says when the next night is before anything begins."""
    now = timezone.now()
    due = Connection.unscoped.filter(Q(sync_after=None) | Q(sync_after__lte=now), disconnected_at=None, nightly=True)
    # A closing organization reads nothing more; where it is kept after all, its shops are due the next minute.
    due = due.filter(organization__closes_at=None)
    for row in due.select_related("organization").order_by("sync_after")[:_AT_ONCE]:
        taken = Connection.unscoped.filter(pk=row.pk, sync_after=row.sync_after).update(sync_after=next_night(row, now))
        if taken and row.sync_after is not None and not row.broken:
            sync.start_by_itself(row, everything=_everything_is_due(row, now))


def next_night(row: Connection, now: datetime) -> datetime:
    """When it is read next: at its time by the organization's clock, or a little later."""
    zone = row.organization.zone
    spread = timedelta(seconds=row.pk.int % _SPREAD_SECONDS)
    today = now.astimezone(zone).date()
    nights = (
        datetime.combine(today + timedelta(days=days), time.fromisoformat(row.nightly_at), zone) for days in (0, 1, 2)
    )
    return next(night + spread for night in nights if night + spread > now)


def work_out_again(actor: Actor) -> None:
    """After the organization has got another zone."""
    Connection.objects.of(actor).filter(disconnected_at=None).update(sync_after=None)


def _everything_is_due(row: Connection, now: datetime) -> bool:
    whole = CatalogSync.unscoped.filter(connection=row, since=None, created_at__gt=now - _EVERYTHING_AFTER)
    return not whole.filter(status__in=(*CatalogSync.OPEN, CatalogSync.Status.SUCCEEDED)).exists()
