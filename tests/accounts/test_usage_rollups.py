"""Days of usage that are over are added up once; what pages say stays the same to the call."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.access.actor import Actor
from accounts.actions.usage import flush, note, roll_up, rollups
from accounts.models import UsageDay, UsageRollup
from accounts.queries.usage import Wanted, endpoints_and_labels, usage
from tests.support.calls import call
from tests.support.cast import Cast
from tests.support.usage_data import ENDPOINTS, LABELS, fill

pytestmark = pytest.mark.django_db

TODAY = datetime.now(UTC).date()
KEY, OTHER_KEY = uuid.uuid4(), uuid.uuid4()
DAYS = 130


def last_of_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


LONG_AGO = TODAY - timedelta(days=70)
_WINDOWS = (
    (TODAY - timedelta(days=89), TODAY),
    (TODAY - timedelta(days=200), TODAY),
    (TODAY - timedelta(days=100), TODAY - timedelta(days=40)),
    (LONG_AGO.replace(day=1), TODAY),
    (LONG_AGO.replace(day=2), last_of_month(TODAY - timedelta(days=35))),
    (last_of_month(LONG_AGO), TODAY),
    (TODAY - timedelta(days=6), TODAY),
    (TODAY - timedelta(days=20), TODAY - timedelta(days=10)),
    (TODAY, TODAY),
)


def windows() -> list[Wanted]:
    whole = [Wanted(first, last) for first, last in _WINDOWS]
    first, last = _WINDOWS[1]
    narrow = [
        Wanted(first, last, key=KEY),
        Wanted(first, last, endpoint=ENDPOINTS[0][0]),
        Wanted(first, last, label=LABELS[1]),
        Wanted(first, last, label=""),
    ]
    return whole + narrow


def rolled_up() -> None:
    while roll_up(TODAY):
        pass


@pytest.fixture
def busy(cast: Cast) -> Actor:
    fill(cast.alice, [KEY, OTHER_KEY], days=DAYS, calls=20)
    fill(cast.charlie, [uuid.uuid4()], days=DAYS, calls=7, seed=2)
    return cast.alice


def test_pages_say_the_same_before_and_after(busy: Actor) -> None:
    before = [usage(busy, wanted) for wanted in windows()]
    rolled_up()
    assert UsageRollup.objects.of(busy).exists()
    for wanted, was in zip(windows(), before, strict=True):
        assert usage(busy, wanted) == was, wanted


def test_the_same_can_be_chosen_before_and_after(busy: Actor) -> None:
    before = [endpoints_and_labels(busy, wanted.first, wanted.last) for wanted in windows()]
    assert any(endpoints for endpoints, _ in before)
    rolled_up()
    assert [endpoints_and_labels(busy, wanted.first, wanted.last) for wanted in windows()] == before


def test_days_that_are_added_up_are_not_read_again(busy: Actor) -> None:
    wanted = Wanted(TODAY - timedelta(days=DAYS), TODAY)
    before = usage(busy, wanted)
    rolled_up()
    over = last_of_month(TODAY.replace(day=1) - timedelta(days=40))
    assert UsageDay.objects.of(busy).filter(day__range=(over.replace(day=1), over)).delete()[0]
    assert usage(busy, wanted) == before


def test_nothing_is_added_up_twice_or_too_early(busy: Actor) -> None:
    rolled_up()
    kept = list(UsageRollup.unscoped.order_by("pk").values())
    assert not roll_up(TODAY)
    assert list(UsageRollup.unscoped.order_by("pk").values()) == kept
    latest = UsageRollup.unscoped.filter(kind="day").order_by("-until").values_list("until", flat=True)[0]
    assert latest == TODAY - timedelta(days=3)
    months = UsageRollup.unscoped.filter(kind="month").order_by("-until").values_list("until", flat=True)
    assert months[0] < TODAY - timedelta(days=2)
    assert all((until + timedelta(days=1)).day == 1 for until in months)


def test_the_next_days_follow(busy: Actor) -> None:
    while roll_up(TODAY - timedelta(days=40)):
        pass
    before = [usage(busy, wanted) for wanted in windows()]
    rolled_up()
    assert [usage(busy, wanted) for wanted in windows()] == before


def test_organizations_are_added_up_apart(busy: Actor, cast: Cast) -> None:
    rolled_up()
    of_charlie = usage(cast.charlie, Wanted(TODAY - timedelta(days=200), TODAY))
    UsageDay.objects.of(busy).delete()
    UsageRollup.objects.of(busy).delete()
    assert usage(cast.charlie, Wanted(TODAY - timedelta(days=200), TODAY)) == of_charlie
    assert usage(busy, Wanted(TODAY - timedelta(days=200), TODAY)).total.calls == 0


def test_what_is_written_long_after_its_day_is_told_too(busy: Actor, cast: Cast) -> None:
    """By a process that was asleep for a while, say."""
    wanted = Wanted(TODAY - timedelta(days=DAYS), TODAY)
    before = usage(busy, wanted)
    rolled_up()
    of_charlie = list(UsageRollup.objects.of(cast.charlie).order_by("pk").values())
    for days in (0, 10, 70):
        note(call(busy, endpoint=ENDPOINTS[0][0], at=datetime.now(UTC) - timedelta(days=days)))
    flush()
    for _ in range(2):
        found = usage(busy, wanted)
        assert found.total.calls == before.total.calls + 3
        assert found.endpoints[ENDPOINTS[0][0]].calls == before.endpoints[ENDPOINTS[0][0]].calls + 3
        rolled_up()
    assert UsageRollup.objects.of(busy).filter(kind="day", until=TODAY - timedelta(days=3)).exists()
    assert list(UsageRollup.objects.of(cast.charlie).order_by("pk").values()) == of_charlie


def test_what_is_written_in_time_leaves_the_sums(busy: Actor) -> None:
    rolled_up()
    kept = list(UsageRollup.unscoped.order_by("pk").values())
    note(call(busy, at=datetime.now(UTC) - timedelta(days=1)))
    flush()
    assert list(UsageRollup.unscoped.order_by("pk").values()) == kept


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one machine, and its clock is the one")
def test_a_day_is_over_by_the_clock_that_all_machines_share(busy: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rollups, "_again_at", float("-inf"))
    with CaptureQueriesContext(connection) as queries:
        rollups.roll_up_now_and_then()
    assert "clock_timestamp()" in queries[0]["sql"]
