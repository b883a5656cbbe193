"""Room for kept masks: those that nobody has used for longest go first, on whatever machine their worker is."""

from __future__ import annotations

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Sum

from processing.models import KeptMask

# Taken away beyond what is too much, so that the next mask does not have to make room again.
_ROOM = 0.05
_AT_ONCE = 500


def make_room() -> int:
    """The sweeper's part: takes away what nobody has used for longest until the rest fits into
    SEGMENTATION_CACHE_BYTES, a few hundred in a round; how many."""
    most: int = settings.SEGMENTATION_CACHE_BYTES
    there: int = KeptMask.unscoped.aggregate(sum=Sum("bytes"))["sum"] or 0
    if there <= most:
        return 0
    excess, taken = there - most * (1 - _ROOM), []
    for row in KeptMask.unscoped.order_by("used_at").select_related("blob")[:_AT_ONCE]:
        if excess <= 0:
            break
        excess -= row.bytes
        taken.append(row)
    return _take_away(taken)


def clear() -> int:
    """Takes all of them away; how many."""
    count = 0
    while rows := list(KeptMask.unscoped.order_by("pk").select_related("blob")[:_AT_ONCE]):
        count += _take_away(rows)
    return count


def _take_away(rows: list[KeptMask]) -> int:
    for row in rows:
        default_storage.delete(f"{row.blob.path}.{row.name}")
    return KeptMask.unscoped.filter(pk__in=[row.pk for row in rows]).delete()[0]
