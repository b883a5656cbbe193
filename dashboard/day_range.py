"""From one day to another, as an address asks for it: days in the zone of the viewer, both part of the range."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from dashboard.listing import asked
from dashboard.period import parse_day


@dataclass(frozen=True, slots=True)
class DayRange:
    """`since` and `until`: None where there is no bound; `until` itself is not part of it. `errors` by field; what is
    wrong filters nothing. `typed`: what the fields held."""

    typed: dict[str, str]
    since: datetime | None
    until: datetime | None
    errors: dict[str, str]


def day_range_of(request: HttpRequest) -> DayRange:
    """The fields `from` and `to`, each may be empty."""
    typed = asked(request, "from", "to")
    errors: dict[str, str] = {}
    days: dict[str, date | None] = {}
    for name, text in typed.items():
        days[name] = parse_day(text)
        if text and (days[name] is None or not 2000 <= days[name].year <= 9000):  # type: ignore[union-attr]
            errors[name] = gettext("Give a day such as 2026-11-20.")
    first, last = days["from"], days["to"]
    if first and last and last < first and not errors:
        errors["to"] = gettext("Choose a day that is not before the first one.")
    if errors:
        first = last = None
    return DayRange(
        typed=typed,
        since=_midnight(first) if first else None,
        until=_midnight(last + timedelta(days=1)) if last else None,
        errors=errors,
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
