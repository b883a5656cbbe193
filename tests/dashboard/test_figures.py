"""Numbers and times as people read them, also where a unit ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from dashboard.templatetags.figures import ago, duration, weight


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [
        (None, "–"),
        (0, "0 ms"),
        (999.4, "999 ms"),
        (999.6, "1.00 s"),
        (1240, "1.24 s"),
        (59_999, "1 min 00 s"),
        (125_000, "2 min 05 s"),
    ],
)
def test_durations(milliseconds: float | None, words: str) -> None:
    assert duration(milliseconds) == words


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (None, "–"),
        (0, "0 B"),
        (999, "999 B"),
        (48_200, "48 KB"),
        (999_600, "1.0 MB"),
        (2_400_000, "2.4 MB"),
        (999_990_000, "1.00 GB"),
    ],
)
def test_weights(size: float | None, words: str) -> None:
    assert weight(size) == words


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(seconds=1), ">just now<"),
        (timedelta(seconds=59), ">59 s ago<"),
        (timedelta(minutes=59), ">59 min ago<"),
        (timedelta(hours=23), ">23 h ago<"),
        (timedelta(days=6), ">6 d ago<"),
    ],
)
def test_how_long_ago(before: timedelta, words: str) -> None:
    assert words in ago(timezone.now() - before)


def test_long_ago_is_a_date_in_the_viewers_zone() -> None:
    with timezone.override(ZoneInfo("Asia/Tokyo")):
        shown = ago(datetime(2026, 1, 31, 20, 0, tzinfo=UTC))
    assert ">1 Feb 2026<" in shown
    assert 'datetime="2026-01-31T20:00:00+00:00"' in shown


def test_no_moment_is_a_dash() -> None:
    assert ago(None) == "–"
