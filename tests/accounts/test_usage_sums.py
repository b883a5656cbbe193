"""Sums over days: exact, few queries, the period before beside them; percentiles within a bucket of the truth."""

from __future__ import annotations

import random
import uuid
from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta
from statistics import quantiles

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.access.actor import MissingPermission
from accounts.actions import usage
from accounts.models.usage_day import BOUNDS, BUCKETS, NO_KEY
from accounts.queries.latency import percentile
from accounts.queries.usage import Wanted
from accounts.queries.usage import usage as usage_of
from tests.support.calls import call
from tests.support.cast import Cast

FIRST = date(2026, 11, 1)
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def test_sums_by_everything_in_two_passes(cast: Cast) -> None:
    key = uuid.uuid4()
    for day in range(-3, 3):
        for number in range(4):
            usage.note(
                call(
                    cast.alice,
                    key=key if number % 2 else None,
                    endpoint="GET /api/v1/jobs" if number == 3 else "POST /api/v1/process",
                    label="Autumn" if number else "",
                    status=(200, 404, 503, 200)[number],
                    milliseconds=100 * number,
                    at=NOON + timedelta(days=day),
                )
            )
    usage.note(call(cast.charlie, at=NOON))
    usage.flush()
    with CaptureQueriesContext(connection) as queries:
        found = usage_of(cast.alice, Wanted(FIRST, FIRST + timedelta(days=2)))
        assert len(queries) == 3  # two through the days, one for how far they are added up
    total = found.total
    assert (total.calls, total.good, total.errors_4xx, total.errors_5xx, total.total_ms) == (12, 6, 3, 3, 1800)
    assert total.error_share == 50
    assert (found.before.calls, found.before.errors) == (12, 6)
    assert sorted(found.days) == Wanted(FIRST, FIRST + timedelta(days=2)).every_day()
    assert {key: figures.calls for key, figures in found.keys.items()} == {NO_KEY: 6, key: 6}
    assert {name: figures.calls for name, figures in found.endpoints.items()} == {
        "GET /api/v1/jobs": 3,
        "POST /api/v1/process": 9,
    }
    assert {name: figures.calls for name, figures in found.labels.items()} == {"": 3, "Autumn": 9}
    narrow = usage_of(cast.alice, Wanted(FIRST, FIRST, key=key, endpoint="POST /api/v1/process", label="Autumn"))
    assert (narrow.total.calls, narrow.before.calls) == (1, 1)
    assert usage_of(cast.alice, Wanted(FIRST, FIRST, label="")).total.calls == 1
    nothing = usage_of(cast.alice, Wanted(FIRST, FIRST, key=uuid.uuid4()))
    assert (nothing.total.calls, nothing.total.p50, nothing.total.error_share, nothing.keys) == (0, None, None, {})


def test_who_may_not_read_credits_is_refused(cast: Cast) -> None:
    from accounts.access.credentials import actor_for_key

    program = actor_for_key(cast.key(None, "images:write"))
    with pytest.raises(MissingPermission):
        usage_of(program, Wanted(FIRST, FIRST))


@pytest.mark.parametrize("seed", range(5))
def test_percentiles_are_within_their_bucket(seed: int) -> None:
    chance = random.Random(seed)
    times = [chance.lognormvariate(6, 1.2) for _ in range(5000)]
    histogram = [0] * len(BUCKETS)
    for milliseconds in times:
        histogram[bisect_left(BOUNDS, milliseconds)] += 1
    cuts = quantiles(times, n=100)
    for share, true in ((0.5, cuts[49]), (0.95, cuts[94])):
        estimate = percentile(histogram, share)
        assert estimate is not None
        bucket = bisect_left(BOUNDS, true)
        assert BOUNDS[bucket - 1] * 0.98 <= estimate <= BOUNDS[bucket] * 1.02
    assert percentile([0] * (len(BUCKETS) - 1) + [3], 0.5) == BOUNDS[-1]
