"""Labels in statistics: short, clean, and no more of them a day than a table can show."""

from __future__ import annotations

import threading
import uuid
from datetime import date

from accounts.models import UsageDay
from accounts.models.usage_day import OTHER

LONGEST = 80
MOST_A_DAY = 100
_MOST_REMEMBERED = 5_000
_known: dict[tuple[uuid.UUID, date], set[str]] = {}
_lock = threading.Lock()


def usage_label(text: str) -> str:
    """On one line, printable, cut."""
    if not text:
        return ""
    if not text.isprintable():
        text = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(text.split())[:LONGEST].rstrip()


def folded(organization_id: uuid.UUID, day: date, label: str) -> str:
    """The label, or OTHER once the organization's day has MOST_A_DAY others.

    Days are read for a label that this process has not met. Two processes that meet new ones in the same moment can
    go over the limit by a few; it keeps tables short and promises nothing.
    """
    if not label or label == OTHER:
        return label
    with _lock:
        known = _known.get((organization_id, day), set())
        if label in known:
            return label
        if len(known) >= MOST_A_DAY:
            return OTHER
    there = UsageDay.unscoped.filter(organization_id=organization_id, day=day).exclude(label__in=("", OTHER))
    written = set(there.order_by().values_list("label", flat=True).distinct()[: MOST_A_DAY + 1])
    with _lock:
        if len(_known) >= _MOST_REMEMBERED:
            _known.clear()
        known = _known.setdefault((organization_id, day), set())
        known |= written
        if label not in known:
            if len(known) >= MOST_A_DAY:
                return OTHER
            known.add(label)
        return label
