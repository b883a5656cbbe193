"""Which days a page is about, from its address: the last 7, 30 or 90, this month, or from one day to another."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy

LONGEST_DAYS = 366
CHOICES = (
    ("7", gettext_lazy("7 days")),
    ("30", gettext_lazy("30 days")),
    ("90", gettext_lazy("90 days")),
    ("month", gettext_lazy("This month")),
    ("custom", gettext_lazy("Custom")),
)
_DEFAULT = "30"


@dataclass(frozen=True, slots=True)
class Period:
    """`first` and `last` are both part of it. `errors`: what is wrong with `from` and `to`, by field; the default's
    days stand in for them then. `typed`: what these fields held."""

    choice: str
    first: date
    last: date
    errors: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def period_of(request: HttpRequest, *, today: date) -> Period:
    choice = request.GET.get("period", "")
    if choice not in dict(CHOICES):
        choice = "custom" if request.GET.get("from") or request.GET.get("to") else _DEFAULT
    if choice == "month":
        return Period(choice, today.replace(day=1), today)
    if choice != "custom":
        return Period(choice, today - timedelta(days=int(choice) - 1), today)
    return _custom(request, today)


def parse_day(text: str) -> date | None:
    """None for what is no day."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _custom(request: HttpRequest, today: date) -> Period:
    typed = {name: request.GET.get(name, "")[:20] for name in ("from", "to")}
    first, last = parse_day(typed["from"]), parse_day(typed["to"])
    errors: dict[str, str] = {}
    if first is None:
        errors["from"] = gettext("Give the first day, such as 2026-11-01.")
    elif first.year < 2000 or first > today:
        errors["from"] = gettext("Choose a day that is not in the future.")
    if last is None:
        errors["to"] = gettext("Give the last day, such as 2026-11-30.")
    if first and last and not errors:
        if last < first:
            errors["to"] = gettext("Choose a day that is not before the first one.")
        elif (last - first).days >= LONGEST_DAYS:
            errors["to"] = gettext("Choose at most {longest_days} days.").format(longest_days=LONGEST_DAYS)
    if errors or first is None or last is None:
        return Period("custom", today - timedelta(days=int(_DEFAULT) - 1), today, errors, typed)
    return Period("custom", first, min(last, today), typed=typed)
