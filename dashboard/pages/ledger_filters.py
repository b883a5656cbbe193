"""What the address of the credits page asks for: kinds of entries, and days in the zone of the viewer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.models import LedgerEntry
from dashboard.listing import asked
from dashboard.period import parse_day

_Kind = LedgerEntry.Kind
KINDS = (
    (_Kind.GRANT.value, "Added"),
    (_Kind.RESERVE.value, "Reserved"),
    (_Kind.CAPTURE.value, "Charged"),
    (_Kind.RELEASE.value, "Given back"),
)


@dataclass(frozen=True, slots=True)
class LedgerFilters:
    """`since` and `until`: None where there is no bound; `until` itself is not part of it. `errors` by field; what is
    wrong filters nothing."""

    kind: str
    typed: dict[str, str]
    since: datetime | None
    until: datetime | None
    errors: dict[str, str]

    def address(self, route: str) -> str:
        """The same entries somewhere else."""
        query = {"kind": self.kind} | self.typed
        return reverse(route, query={name: value for name, value in query.items() if value})


def filters_of(request: HttpRequest) -> LedgerFilters:
    typed = asked(request, "from", "to")
    kind = request.GET.get("kind", "")
    errors: dict[str, str] = {}
    days: dict[str, date | None] = {}
    for name, text in typed.items():
        days[name] = parse_day(text)
        if text and (days[name] is None or not 2000 <= days[name].year <= 9000):  # type: ignore[union-attr]
            errors[name] = "Give a day such as 2026-11-20."
    first, last = days["from"], days["to"]
    if first and last and last < first and not errors:
        errors["to"] = "Choose a day that is not before the first one."
    if errors:
        first = last = None
    return LedgerFilters(
        kind=kind if kind in dict(KINDS) else "",
        typed=typed,
        since=_midnight(first) if first else None,
        until=_midnight(last + timedelta(days=1)) if last else None,
        errors=errors,
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
