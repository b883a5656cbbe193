from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Notice


def current_notices() -> QuerySet[Notice]:
    """What the operator says to everybody now, the newest first, three at most."""
    now = timezone.now()
    return Notice.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), starts_at__lte=now).order_by("-starts_at")[:3]
