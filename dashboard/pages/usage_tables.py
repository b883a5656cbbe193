"""The tables of the usage page: by key, endpoint, label and day, sorted as the address says."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from django.utils.translation import gettext, gettext_noop

from accounts.limits.rate_limit import Allowance, peek
from accounts.models import ApiKey
from accounts.models.usage_day import NO_KEY
from accounts.queries.usage import Figures, Usage
from dashboard.api.rate_limits import of_a_key
from dashboard.pages.usage_figures import percent
from dashboard.pages.usage_filters import DASHBOARD_KEY, NO_LABEL, Filters

MOST_ROWS = 50
_HEADINGS = {
    "calls": gettext_noop("Calls"),
    "errors": gettext_noop("Errors"),
    "p50": gettext_noop("Median"),
    "p95": gettext_noop("95 % within"),
    "credits": gettext_noop("Credits"),
}
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Row:
    """`url`: the page with this row as its filter."""

    name: str
    url: str
    of: Figures
    note: str = ""
    mono: bool = False
    key: ApiKey | None = None

    @property
    def left(self) -> Allowance | None:
        """What the key may still call in this minute; asked for when it is shown."""
        return peek(str(self.key.pk), of_a_key()) if self.key and self.key.usable() else None

    @property
    def error_share(self) -> str:
        return percent(self.of.error_share)


@dataclass(frozen=True, slots=True)
class Heading:
    label: str
    url: str
    direction: str
    number: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """`more`: rows that are left out here and stand in the CSV."""

    id: str
    title: str
    headings: list[Heading]
    rows: list[Row]
    more: int = 0
    with_left: bool = False
    empty: str = field(default_factory=lambda: gettext("Nothing on these days."))


def key_table(found: Usage, filters: Filters) -> Table:
    """Every key with calls, and every other one that could call now: its limit is of interest before it is reached."""
    figures = dict(found.keys)
    if filters.wanted.key is None and not filters.wanted.endpoint and filters.wanted.label is None:
        for key in filters.api_keys.values():
            if key.usable():
                figures.setdefault(key.pk, Figures())

    def row(key_id: uuid.UUID, of: Figures) -> Row:
        key = filters.api_keys.get(key_id)
        if key is None:
            name, address = (
                (gettext("Dashboard"), DASHBOARD_KEY) if key_id == NO_KEY else (gettext("A key that is gone"), "")
            )
            note = gettext("People, without a key") if key_id == NO_KEY else ""
            return Row(name, filters.address(key=address) if address else "", of, note)
        return Row(f"{key.prefix}…", filters.address(key=str(key.pk)), of, key.name, mono=True, key=key)

    return _table("keys", gettext("By API key"), gettext("Key"), filters, figures.items(), row, with_left=True)


def endpoint_table(found: Usage, filters: Filters) -> Table:
    def row(endpoint: str, of: Figures) -> Row:
        return Row(endpoint, filters.address(endpoint=endpoint), of, mono=True)

    return _table("endpoints", gettext("By endpoint"), gettext("Endpoint"), filters, found.endpoints.items(), row)


def label_table(found: Usage, filters: Filters) -> Table:
    def row(label: str, of: Figures) -> Row:
        return Row(label or gettext("No label"), filters.address(label=label or NO_LABEL), of)

    return _table("labels", gettext("By label"), gettext("Label"), filters, found.labels.items(), row)


def day_table(found: Usage, filters: Filters) -> list[tuple[date, Row]]:
    """The charts as numbers, the latest day first; days without anything are left out."""
    return [
        (day, Row("", filters.address(day=day.isoformat()), of))
        for day, of in sorted(found.days.items(), reverse=True)
        if of.calls or of.credits
    ]


def _table(
    table_id: str,
    title: str,
    first: str,
    filters: Filters,
    figures: Iterable[tuple[K, Figures]],
    row: Callable[[K, Figures], Row],
    *,
    with_left: bool = False,
) -> Table:
    column, downwards = filters.sorted_by
    named = sorted(((row(name, of), of) for name, of in figures), key=lambda item: item[0].name.lower())
    if column != "name":
        named.sort(key=lambda item: _value(item[1], column), reverse=downwards)
    elif downwards:
        named.reverse()
    rows = [item[0] for item in named]
    headings = [_heading(filters, "name", first, number=False)]
    headings += [_heading(filters, name, gettext(label)) for name, label in _HEADINGS.items()]
    return Table(table_id, title, headings, rows[:MOST_ROWS], max(0, len(rows) - MOST_ROWS), with_left)


def _value(of: Figures, column: str) -> float:
    if column == "errors":
        return -1 if of.error_share is None else of.error_share
    value = getattr(of, column)
    return -1 if value is None else value


def _heading(filters: Filters, name: str, label: str, *, number: bool = True) -> Heading:
    column, downwards = filters.sorted_by
    direction = ("descending" if downwards else "ascending") if column == name else ""
    # The first click shows what matters most: the greatest number, the first name.
    wanted = (f"-{name}" if not downwards else name) if column == name else (name if name == "name" else f"-{name}")
    return Heading(label, filters.address(sort=wanted), direction, number)
