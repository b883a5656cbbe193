"""How many masks are kept for a second operation on the same photo, and how much they take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Sum

from processing.models import KeptMask


@dataclass(frozen=True, slots=True)
class KeptMasks:
    """`oldest`: when the one was used that goes first."""

    count: int
    bytes: int
    oldest: datetime | None


def kept_masks() -> KeptMasks:
    """Those of every organization: the operator's view."""
    found = KeptMask.unscoped.aggregate(count=Count("pk"), bytes=Sum("bytes"), oldest=Min("used_at"))
    return KeptMasks(found["count"], found["bytes"] or 0, found["oldest"])
