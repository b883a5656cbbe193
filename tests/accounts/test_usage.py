"""Usage is counted in memory and added to days: nothing twice, nothing lost while the process lives."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.db import connection
from django.db.models import F, Sum

from accounts.actions import usage
from accounts.actions.usage.labels import MOST_A_DAY
from accounts.actions.usage.tallies import Tallies
from accounts.kit.call_made import CallMade
from accounts.models import UsageDay
from accounts.models.usage_day import BUCKETS, NO_KEY, OTHER
from tests.support.at_once import at_once
from tests.support.calls import call
from tests.support.cast import Cast, make_cast

DAY = date(2026, 11, 3)


def test_what_was_noted_is_added_to_its_day(cast: Cast) -> None:
    key = uuid.uuid4()
    for status, milliseconds in ((200, 12.0), (202, 12.4), (404, 3.0), (429, 1.0), (500, 400_000.0)):
        usage.note(call(cast.alice, key=key, status=status, milliseconds=milliseconds, label=" Autumn\n sale "))
    usage.note(call(cast.alice, endpoint="GET /api/v1/jobs"))
    assert UsageDay.objects.of(cast.alice).count() == 0, "a call writes nothing"
    assert usage.flush() == 2
    assert usage.flush() == 0
    row = UsageDay.objects.of(cast.alice).get(key=key)
    assert (row.day, row.endpoint, row.label) == (DAY, "POST /api/v1/process", "Autumn sale")
    assert (row.calls, row.errors_4xx, row.errors_5xx, row.total_ms, row.credits) == (5, 2, 1, 400_028, 0)
    assert (row.up_to_10, row.up_to_15, row.longer) == (2, 2, 1)
    assert sum(getattr(row, bucket) for bucket in BUCKETS) == 5
    usage.note(call(cast.alice, key=key, label="Autumn sale"))
    assert usage.flush() == 1
    row.refresh_from_db()
    assert row.calls == 6
    assert UsageDay.objects.of(cast.alice).get(endpoint="GET /api/v1/jobs").key == NO_KEY
    assert UsageDay.objects.of(cast.charlie).count() == 0


def test_a_day_is_a_day_in_utc(cast: Cast) -> None:
    late = datetime(2026, 11, 2, 20, 30, tzinfo=timezone(timedelta(hours=-5)))
    usage.note(call(cast.alice, at=late))
    usage.note(call(cast.alice, at=datetime(2026, 11, 2, 23, 59, 59, tzinfo=UTC)))
    usage.flush()
    days = UsageDay.objects.of(cast.alice).order_by("day").values_list("day", flat=True)
    assert list(days) == [date(2026, 11, 2), date(2026, 11, 3)]


def test_labels_are_cut_and_too_many_are_folded(cast: Cast) -> None:
    usage.note(call(cast.alice, label="x" * 500))
    for number in range(MOST_A_DAY + 20):
        usage.note(call(cast.alice, label=f"sku {number}"))
    usage.note(call(cast.alice, label=""))
    usage.flush()
    usage.note(call(cast.alice, label="one more"))
    usage.note(call(cast.alice, label="sku 0"))
    usage.note(call(cast.charlie, label="of another organization"))
    usage.flush()
    rows = dict(UsageDay.objects.of(cast.alice).values_list("label", "calls"))
    assert len(rows) == MOST_A_DAY + 2, "the labels, (other) and none"
    assert rows[OTHER] == 22
    assert rows["sku 0"] == 2
    assert rows[""] == 1
    assert sum(rows.values()) == MOST_A_DAY + 24
    assert "x" * 80 in rows
    assert UsageDay.objects.of(cast.charlie).get().label == "of another organization"


def test_an_organization_that_is_gone_keeps_nobody_else_waiting(cast: Cast) -> None:
    usage.note(call(cast.alice))
    usage.note(CallMade(uuid.uuid4(), None, "GET /api/v1/jobs", "", 200, 1.0, datetime.now(UTC)))
    assert usage.flush() == 1
    assert UsageDay.unscoped.count() == 1


def test_a_full_memory_gives_up_labels_first_and_says_what_it_dropped() -> None:
    tallies = Tallies()
    organization = uuid.uuid4()
    for number in range(26_000):
        tallies.add((organization, DAY, NO_KEY, "POST /x", f"{number}"), status=200, milliseconds=1)
    kept = tallies.take()
    assert len(kept) == 20_001
    assert kept[(organization, DAY, NO_KEY, "POST /x", OTHER)].calls == 6_000
    for number in range(26_000):
        tallies.add((organization, DAY, NO_KEY, f"POST /{number}", ""), status=200, milliseconds=1)
    assert len(tallies.take()) == 25_000
    assert tallies.dropped == 1_000


@pytest.mark.django_db(transaction=True)
def test_sums_are_exact_over_threads() -> None:
    cast = make_cast()

    def work(number: int) -> int:
        for index in range(500):
            usage.note(call(cast.alice, label=f"label {index % 7}", milliseconds=number))
            if index % 100 == 0:
                usage.flush()
        return 1

    assert at_once(8, work) == [1] * 8
    usage.flush()
    total = UsageDay.objects.of(cast.alice).aggregate(calls=Sum("calls"), ms=Sum("total_ms"), rows=Sum(F("up_to_10")))
    assert total == {"calls": 4000, "ms": 500 * sum(range(8)), "rows": 4000}
    assert UsageDay.objects.of(cast.alice).count() == 7


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_loses_nothing() -> None:
    cast = make_cast()
    usage.note(call(cast.alice))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_usageday RENAME TO accounts_usageday_away")
    try:
        assert usage.flush() == 0
        usage.note(call(cast.alice))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE accounts_usageday_away RENAME TO accounts_usageday")
    assert usage.flush() == 1
    assert UsageDay.objects.of(cast.alice).get().calls == 2
