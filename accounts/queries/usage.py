"""What was called and charged over some days: in all, by day, key, endpoint and label, from day rows."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import reduce
from operator import add
from typing import Any, TypeVar

from django.db.models import QuerySet, Sum

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.models import UsageDay
from accounts.models.usage_day import BUCKETS
from accounts.queries.latency import percentile

_MOST_CHOICES = 500
K = TypeVar("K")
_SUMMED = ("calls", "errors_4xx", "errors_5xx", "credits", "total_ms", *BUCKETS)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: days from `first` to `last`, both included. `label`: None for all, "" for calls without one."""

    first: date
    last: date
    key: uuid.UUID | None = None
    endpoint: str = ""
    label: str | None = None

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def every_day(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range(self.days)]


@dataclass(slots=True)
class Figures:
    """Sums over any number of rows."""

    calls: int = 0
    errors_4xx: int = 0
    errors_5xx: int = 0
    credits: int = 0
    total_ms: int = 0
    histogram: tuple[int, ...] = (0,) * len(BUCKETS)

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.calls + other.calls,
            self.errors_4xx + other.errors_4xx,
            self.errors_5xx + other.errors_5xx,
            self.credits + other.credits,
            self.total_ms + other.total_ms,
            tuple(a + b for a, b in zip(self.histogram, other.histogram, strict=True)),
        )

    @property
    def errors(self) -> int:
        return self.errors_4xx + self.errors_5xx

    @property
    def good(self) -> int:
        return self.calls - self.errors

    @property
    def error_share(self) -> float | None:
        """Percent of the calls; None without calls."""
        return 100 * self.errors / self.calls if self.calls else None

    @property
    def p50(self) -> float | None:
        return percentile(self.histogram, 0.5)

    @property
    def p95(self) -> float | None:
        return percentile(self.histogram, 0.95)


@dataclass(slots=True)
class Usage:
    """`before`: as many days just before, with the same filters."""

    before: Figures = field(default_factory=Figures)
    days: dict[date, Figures] = field(default_factory=dict)
    keys: dict[uuid.UUID, Figures] = field(default_factory=dict)
    endpoints: dict[str, Figures] = field(default_factory=dict)
    labels: dict[str, Figures] = field(default_factory=dict)

    @property
    def total(self) -> Figures:
        return reduce(Figures.__add__, self.days.values(), Figures())


def usage(actor: Actor, wanted: Wanted) -> Usage:
    """The database adds up, in two goes through the rows: by day with those before, and by key, endpoint and label
    together, of which there are few enough to be added up here. What comes back grows with those, never with calls."""
    earlier = wanted.first - timedelta(days=wanted.days)
    rows = usage_rows(actor, replace(wanted, first=earlier))
    found = Usage()
    for day, *sums in _sums(rows, "day"):
        if day < wanted.first:
            found.before += _figures(sums)
        else:
            found.days[day] = _figures(sums)
    keys: dict[uuid.UUID, list[int]] = {}
    endpoints: dict[str, list[int]] = {}
    labels: dict[str, list[int]] = {}
    for key, endpoint, label, *sums in _sums(usage_rows(actor, wanted), "key", "endpoint", "label"):
        _add(keys, key, sums)
        _add(endpoints, endpoint, sums)
        _add(labels, label, sums)
    found.keys = {key: _figures(sums) for key, sums in keys.items()}
    found.endpoints = {endpoint: _figures(sums) for endpoint, sums in endpoints.items()}
    found.labels = {label: _figures(sums) for label, sums in labels.items()}
    return found


def usage_rows(actor: Actor, wanted: Wanted) -> QuerySet[UsageDay]:
    """The day rows themselves."""
    actor.require(Permission.CREDITS_READ)
    rows = UsageDay.objects.of(actor).filter(day__range=(wanted.first, wanted.last))
    if wanted.key is not None:
        rows = rows.filter(key=wanted.key)
    if wanted.endpoint:
        rows = rows.filter(endpoint=wanted.endpoint)
    if wanted.label is not None:
        rows = rows.filter(label=wanted.label)
    return rows


def endpoints_and_labels(actor: Actor, first: date, last: date) -> tuple[list[str], list[str]]:
    """What can be chosen on these days, each in its order; calls without a label are not among the labels."""
    pairs = list(usage_rows(actor, Wanted(first, last)).order_by().values_list("endpoint", "label").distinct())
    endpoints, labels = {endpoint for endpoint, _ in pairs}, {label for _, label in pairs if label}
    return sorted(endpoints)[:_MOST_CHOICES], sorted(labels)[:_MOST_CHOICES]


def any_usage(actor: Actor) -> bool:
    actor.require(Permission.CREDITS_READ)
    return UsageDay.objects.of(actor).exists()


def _sums(rows: QuerySet[UsageDay], *by: str) -> QuerySet[UsageDay, Any]:
    """The names of `by`, then the sums, of each group."""
    sums = {f"sum_{column}": Sum(column) for column in _SUMMED}
    grouped: QuerySet[UsageDay, Any] = rows.order_by().values(*by).annotate(**sums).values_list(*by, *sums)
    return grouped


def _add(to: dict[K, list[int]], name: K, sums: list[int]) -> None:
    so_far = to.get(name)
    to[name] = sums if so_far is None else list(map(add, so_far, sums))


def _figures(sums: list[int]) -> Figures:
    calls, errors_4xx, errors_5xx, charged, total_ms, *histogram = sums
    return Figures(calls, errors_4xx, errors_5xx, charged, total_ms, tuple(histogram))
