"""The one clock that all machines share: the database's.

Leases are written by one machine and judged by another. With the clock of each, a machine whose clock is an hour ahead
takes work away from all others, and one that is behind has its own taken away.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone


def now() -> datetime:
    """The moment, in UTC: one small query on PostgreSQL; with SQLite there is one machine, and its clock is the one."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
        return moment


def written() -> datetime | Now:
    """The moment as a column is to have it: an expression, where `now` would cost a query."""
    return Now() if connection.vendor == "postgresql" else timezone.now()
