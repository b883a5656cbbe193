"""What was asked and answered in old tries is not kept for good: requests and answers go, the tries themselves stay."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from integrations.models import Publication, PublicationAttempt

_AT_ONCE = 1000
_ROUNDS = 20


def trim() -> None:
    """For the sweeper: tries older than PUBLISH_LOG_DAYS, the oldest first, in steps that hold no lock for long."""
    until = timezone.now() - timedelta(days=settings.PUBLISH_LOG_DAYS)
    old = PublicationAttempt.unscoped.filter(trimmed=False, created_at__lt=until)
    old = old.exclude(publication__status__in=Publication.OPEN)
    for _ in range(_ROUNDS):
        some = list(old.order_by("created_at").values_list("pk", flat=True)[:_AT_ONCE])
        PublicationAttempt.unscoped.filter(pk__in=some).update(exchanges=[], trimmed=True)
        if len(some) < _AT_ONCE:
            return
