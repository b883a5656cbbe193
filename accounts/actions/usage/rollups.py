"""Days of usage that are over, added up: the page of a year reads thousands of rows and not hundreds of thousands."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import DateField, Exists, Max, Min, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.kit import shared_clock
from accounts.models import Organization, UsageDay, UsageRollup
from accounts.models.usage_day import NO_KEY, SUMMED

# Processes write what they have counted within seconds, and jobs end within hours.
_OVER_AFTER = timedelta(days=3)
_CLOCKS_DIFFER = timedelta(days=1)
_AT_ONCE = 20  # organizations: the sweeper has other things to do as well
_EVERY_SECONDS = 3600.0
_again_at = float("-inf")  # of time.monotonic


def roll_up_now_and_then() -> None:
    """The sweeper's part: once an hour, and as long as there is more."""
    global _again_at
    if time.monotonic() >= _again_at and not roll_up(shared_clock.now().astimezone(UTC).date()):
        _again_at = time.monotonic() + _EVERY_SECONDS


def begin_again(written: Iterable[tuple[uuid.UUID, date]]) -> None:
    """For days of organizations that something was added to just now: where that is long after they were over, by a
    process that was asleep or without its database, the sums of them and of all that follows go. The sweeper makes
    them anew, and pages read the days until then. The caller's transaction holds."""
    over = datetime.now(UTC).date() - _OVER_AFTER + _CLOCKS_DIFFER
    for organization_id, day in sorted({each for each in written if each[1] <= over}):
        UsageRollup.unscoped.filter(organization=organization_id, until__gte=day).delete()


def roll_up(today: date) -> bool:
    """Adds up the days and months that are over, of a few organizations; whether there may be more. Two at once make
    the same rows, and the second ones are left out."""
    over = today - _OVER_AFTER
    behind = list(_behind(UsageRollup.Kind.DAY, over)[:_AT_ONCE])
    for organization_id in behind:
        _roll_up_days(organization_id, over)
    month = (over + timedelta(days=1)).replace(day=1) - timedelta(days=1)
    behind_months = list(_behind(UsageRollup.Kind.MONTH, month)[:_AT_ONCE])
    for organization_id in behind_months:
        _roll_up_months(organization_id, month)
    return bool(behind or behind_months)


def _behind(kind: UsageRollup.Kind, until: date) -> Any:
    """Ids of organizations with days that are not added up yet."""
    own = UsageRollup.unscoped.filter(organization=OuterRef("pk"), kind=kind).order_by()
    latest = Subquery(own.values("kind").annotate(latest=Max("until")).values("latest"))
    organizations = Organization.objects.annotate(rolled=Coalesce(latest, Value(date.min, DateField())))
    days = UsageDay.unscoped.filter(organization=OuterRef("pk"), day__lte=until, day__gt=OuterRef("rolled"))
    return organizations.filter(Exists(days)).order_by("pk").values_list("pk", flat=True)


@transaction.atomic
def _roll_up_days(organization_id: uuid.UUID, until: date) -> None:
    first = _first(organization_id, UsageRollup.Kind.DAY)
    _insert(
        UsageRollup.Kind.DAY,
        {"until": "day", "key": None, "endpoint": None, "label": None},
        organization_id,
        first,
        until,
    )


@transaction.atomic
def _roll_up_months(organization_id: uuid.UUID, until: date) -> None:
    """In order, so that the latest one says that all before it are there."""
    for first, last in _months(_first(organization_id, UsageRollup.Kind.MONTH), until):
        _insert(
            UsageRollup.Kind.MONTH,
            {"until": last, "key": "key", "endpoint": "endpoint", "label": "label"},
            organization_id,
            first,
            last,
        )


def _first(organization_id: uuid.UUID, kind: UsageRollup.Kind) -> date:
    """The first day that is not added up yet."""
    own = UsageRollup.unscoped.filter(organization=organization_id, kind=kind)
    rolled: date = own.aggregate(latest=Max("until"))["latest"] or date.min
    days = UsageDay.unscoped.filter(organization=organization_id, day__gt=rolled)
    found: date = days.aggregate(first=Min("day"))["first"]
    return found


def _months(first: date, until: date) -> Iterator[tuple[date, date]]:
    """The first and the last day of each month from that of `first` to that which `until` ends."""
    begins = first.replace(day=1)
    while begins <= until:
        following = (begins + timedelta(days=31)).replace(day=1)
        yield begins, following - timedelta(days=1)
        begins = following


def _insert(kind: str, given: dict[str, Any], organization_id: uuid.UUID, first: date, last: date) -> None:
    """INSERT … SELECT sum(…) GROUP BY …, which Django's ORM has not. `given`: a column of the days by its name, another
    value as it is, None for what stands where there is none."""
    absent = {"key": NO_KEY, "endpoint": "", "label": ""}
    quote = connection.ops.quote_name
    of_name = {field.name: field for field in UsageRollup._meta.concrete_fields}
    columns, read, grouped, values = ["organization_id", "kind"], ["%s", "%s"], [], []
    for name, value in given.items():
        columns.append(name)
        if isinstance(value, str):
            read.append(quote(value))
            grouped.append(quote(value))
        else:
            read.append("%s")
            values.append(of_name[name].get_db_prep_save(absent[name] if value is None else value, connection))
    columns += SUMMED
    read += [f"sum({quote(name)})" for name in SUMMED]
    days = UsageDay._meta.get_field("day")
    organization = of_name["organization"].get_db_prep_save(organization_id, connection)
    between = [days.get_db_prep_save(each, connection) for each in (first, last)]
    sql = (
        f"INSERT INTO {quote(UsageRollup._meta.db_table)} ({', '.join(map(quote, columns))}) "  # noqa: S608
        f"SELECT {', '.join(read)} FROM {quote(UsageDay._meta.db_table)} "
        f"WHERE organization_id = %s AND day BETWEEN %s AND %s GROUP BY {', '.join(grouped)} ON CONFLICT DO NOTHING"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [organization, kind, *values, organization, *between])
