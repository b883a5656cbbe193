"""What was called and charged over some days: in all, by day, key, endpoint and label, from day rows."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property, reduce
from operator import add
from typing import Any, TypeVar

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Max, QuerySet, Sum

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.models import UsageDay, UsageRollup
from accounts.models.usage_day import BUCKETS, SUMMED, UsageSums
from accounts.queries.latency import percentile

_MOST_CHOICES = 500
_PLACE = ("key", "endpoint", "label")
K = TypeVar("K")
S = TypeVar("S", bound=UsageSums)


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

    @property
    def narrowed(self) -> bool:
        return self.key is not None or bool(self.endpoint) or self.label is not None

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


@dataclass
class Usage:
    """`before`: as many days just before, with the same filters."""

    before: Figures = field(default_factory=Figures)
    days: dict[date, Figures] = field(default_factory=dict)
    keys: dict[uuid.UUID, Figures] = field(default_factory=dict)
    endpoints: dict[str, Figures] = field(default_factory=dict)
    labels: dict[str, Figures] = field(default_factory=dict)

    @cached_property
    def total(self) -> Figures:
        return reduce(Figures.__add__, self.days.values(), Figures())


def usage(actor: Actor, wanted: Wanted) -> Usage:
    """The database adds up, in two goes through the rows: by day with those before, and by key, endpoint and label
    together, of which there are few enough to be added up here. What comes back grows with those, never with calls.
    Days and months that are over were added up before (UsageRollup)."""
    actor.require(Permission.CREDITS_READ)
    earlier = wanted.first - timedelta(days=wanted.days)
    found = Usage()
    for day, *sums in _by_day(actor, replace(wanted, first=earlier)):
        if day < wanted.first:
            found.before += _figures(sums)
        else:
            found.days[day] = _figures(sums)
    places: dict[tuple[uuid.UUID, str, str], list[int]] = {}
    for key, endpoint, label, *sums in _by_place(actor, wanted):
        _add(places, (key, endpoint, label), sums)
    keys: dict[uuid.UUID, list[int]] = {}
    endpoints: dict[str, list[int]] = {}
    labels: dict[str, list[int]] = {}
    for (key, endpoint, label), sums in places.items():
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
    return _narrowed(UsageDay.objects.of(actor).filter(day__range=(wanted.first, wanted.last)), wanted)


def _narrowed(rows: QuerySet[S], wanted: Wanted) -> QuerySet[S]:
    if wanted.key is not None:
        rows = rows.filter(key=wanted.key)
    if wanted.endpoint:
        rows = rows.filter(endpoint=wanted.endpoint)
    if wanted.label is not None:
        rows = rows.filter(label=wanted.label)
    return rows


def endpoints_and_labels(actor: Actor, first: date, last: date) -> tuple[list[str], list[str]]:
    """What can be chosen on these days, each in its order; calls without a label are not among the labels."""
    actor.require(Permission.CREDITS_READ)
    endpoints, labels = set(), set()
    for rows in _months_and_days(actor, Wanted(first, last)):
        for endpoint, label in rows.order_by().values_list("endpoint", "label").distinct():
            endpoints.add(endpoint)
            labels.add(label)
    labels.discard("")
    return sorted(endpoints)[:_MOST_CHOICES], sorted(labels)[:_MOST_CHOICES]


def any_usage(actor: Actor) -> bool:
    actor.require(Permission.CREDITS_READ)
    return UsageDay.objects.of(actor).exists()


def _by_day(actor: Actor, wanted: Wanted) -> Iterator[tuple[Any, ...]]:
    """The day, then its sums. What a filter leaves is read from the days themselves."""
    added_up = None if wanted.narrowed else _added_up_until(actor, UsageRollup.Kind.DAY)
    if added_up is not None and added_up >= wanted.first:
        rolled = UsageRollup.objects.of(actor).filter(kind=UsageRollup.Kind.DAY)
        yield from rolled.filter(until__range=(wanted.first, wanted.last)).values_list("until", *SUMMED)
        wanted = replace(wanted, first=added_up + timedelta(days=1))
    if wanted.first <= wanted.last:
        yield from _sums(usage_rows(actor, wanted), "day")


def _by_place(actor: Actor, wanted: Wanted) -> Iterator[tuple[Any, ...]]:
    """Key, endpoint and label, then their sums; more than once where whole months are between other days."""
    for rows in _months_and_days(actor, wanted):
        yield from _sums(rows, *_PLACE)


def _months_and_days(actor: Actor, wanted: Wanted) -> Iterator[QuerySet[Any]]:
    """Rows that together hold what is wanted: whole months that were added up, and the days before and after them."""
    begins = wanted.first
    if begins.day > 1:
        begins = (begins.replace(day=1) + timedelta(days=31)).replace(day=1)
    ends = (wanted.last + timedelta(days=1)).replace(day=1) - timedelta(days=1)
    added_up = _added_up_until(actor, UsageRollup.Kind.MONTH) if begins < ends else None
    if added_up is None or added_up < begins:
        yield usage_rows(actor, wanted)
        return
    ends = min(ends, added_up)
    rolled = UsageRollup.objects.of(actor).filter(kind=UsageRollup.Kind.MONTH, until__range=(begins, ends))
    yield _narrowed(rolled, wanted)
    for first, last in ((wanted.first, begins - timedelta(days=1)), (ends + timedelta(days=1), wanted.last)):
        if first <= last:
            yield usage_rows(actor, replace(wanted, first=first, last=last))


def _added_up_until(actor: Actor, kind: UsageRollup.Kind) -> date | None:
    latest: date | None = UsageRollup.objects.of(actor).filter(kind=kind).aggregate(latest=Max("until"))["latest"]
    return latest


def _sums(rows: QuerySet[S], *by: str) -> QuerySet[S, Any]:
    """The names of `by`, then the sums, of each group."""
    sums = {f"sum_{column}": (_BucketSum if column in BUCKETS else Sum)(column) for column in SUMMED}
    grouped: QuerySet[S, Any] = rows.order_by().values(*by).annotate(**sums).values_list(*by, *sums)
    return grouped


class _BucketSum(Sum):
    """Of 32 bit columns every database answers with whole numbers: none of the tens of thousands is converted."""

    def get_db_converters(self, connection: BaseDatabaseWrapper) -> list[Any]:
        return []


def _add(to: dict[K, list[int]], name: K, sums: list[int]) -> None:
    so_far = to.get(name)
    to[name] = sums if so_far is None else list(map(add, so_far, sums))


def _figures(sums: list[int]) -> Figures:
    calls, errors_4xx, errors_5xx, charged, total_ms, *histogram = sums
    return Figures(calls, errors_4xx, errors_5xx, charged, total_ms, tuple(histogram))
