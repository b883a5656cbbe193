"""What the address of the credits page asks for: kinds of entries, and days in the zone of the viewer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.models import LedgerEntry
from dashboard.day_range import day_range_of

_Kind = LedgerEntry.Kind
KINDS = (
    (_Kind.GRANT.value, gettext_lazy("Added")),
    (_Kind.RESERVE.value, gettext_lazy("Reserved")),
    (_Kind.CAPTURE.value, gettext_lazy("Charged")),
    (_Kind.RELEASE.value, gettext_lazy("Given back")),
    (_Kind.EXPIRY.value, gettext_lazy("Expired")),
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
    days = day_range_of(request)
    kind = request.GET.get("kind", "")
    return LedgerFilters(
        kind=kind if kind in dict(KINDS) else "",
        typed=days.typed,
        since=days.since,
        until=days.until,
        errors=days.errors,
    )
