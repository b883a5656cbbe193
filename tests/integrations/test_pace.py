"""Quiet hours by the organization's clock, one pace for all who call a shop, and whether shops reach us."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pytest_django.fixtures import Settings

from accounts.models import Organization
from integrations.actions.pace import Pace, may_call, quiet_ends
from integrations.models import CallPace, Connection
from integrations.reachability import base_url_is_public, base_url_is_secure, in_words
from tests.support.cast import Cast


def shop(begin: str, end: str, zone: str = "UTC") -> Connection:
    return Connection(organization=Organization(time_zone=zone), quiet_from=begin, quiet_until=end)


def at(text: str, zone: str = "UTC", fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("begin", "end", "zone", "now", "ends"),
    [
        ("09:00", "17:00", "UTC", "2026-05-04T08:59", None),
        ("09:00", "17:00", "UTC", "2026-05-04T09:00", "2026-05-04T17:00"),
        ("09:00", "17:00", "UTC", "2026-05-04T17:00", None),
        ("22:00", "06:00", "UTC", "2026-05-04T23:30", "2026-05-05T06:00"),
        ("22:00", "06:00", "UTC", "2026-05-05T05:59", "2026-05-05T06:00"),
        ("22:00", "06:00", "UTC", "2026-05-05T12:00", None),
        ("09:00", "17:00", "Asia/Tokyo", "2026-05-04T10:00", "2026-05-04T17:00"),
        ("", "", "UTC", "2026-05-04T10:00", None),
        ("09:00", "09:00", "UTC", "2026-05-04T09:00", None),
        # The clocks go forward at 2:00, and back at 3:00.
        ("22:00", "06:00", "Europe/Berlin", "2026-03-28T23:00", "2026-03-29T06:00"),
        ("22:00", "06:00", "Europe/Berlin", "2026-10-24T23:00", "2026-10-25T06:00"),
    ],
)
def test_quiet_hours(begin: str, end: str, zone: str, now: str, ends: str | None) -> None:
    row = shop(begin, end, zone)
    found = quiet_ends(row, at(now, zone))
    assert found == (at(ends, zone) if ends else None)
    assert may_call(row, at(now, zone)) == (ends is None)


def test_the_end_of_quiet_hours_is_never_over_when_the_clock_is_put_back() -> None:
    row = shop("01:00", "02:30", "Europe/Berlin")
    for minutes in range(0, 300, 5):
        now = datetime(2026, 10, 24, 22, 0, tzinfo=UTC) + timedelta(minutes=minutes)
        found = quiet_ends(row, now)
        assert found is None or now < found < now + timedelta(hours=3), now


def test_a_zone_that_no_database_knows_is_utc() -> None:
    assert quiet_ends(shop("09:00", "17:00", "Mars/Base"), at("2026-05-04T10:00")) == at("2026-05-04T17:00")


@pytest.mark.django_db
def test_everybody_who_calls_a_shop_takes_turns_in_one_row(cast: Cast) -> None:
    row = Connection.unscoped.create(
        organization=cast.alice.organization, marketplace="woocommerce", address="http://a", calls_per_minute=3000
    )
    other = Connection.unscoped.create(
        organization=cast.alice.organization, marketplace="woocommerce", address="http://b", calls_per_minute=3000
    )
    begun = time.time()
    for pace in (Pace(row), Pace(row), Pace(row)):  # as of three workers
        pace()
    taken = CallPace.unscoped.get(connection=row).free_at
    assert taken - begun >= 3 * 0.02
    Pace(other)()
    assert CallPace.unscoped.get(connection=other).free_at - time.time() <= 0.02


@pytest.mark.parametrize(
    ("url", "public", "secure"),
    [
        ("", False, False),
        ("http://127.0.0.1:8000", False, False),
        ("http://localhost:8000", False, False),
        ("https://packshot", False, False),
        ("https://packshot.local", False, False),
        ("https://10.1.2.3", False, False),
        ("https://[::1]", False, False),
        ("http://images.example.com", True, False),
        ("https://images.example.com", True, True),
        ("https://8.8.8.8", True, True),
        ("https://shops.inside.lan", True, True),
    ],
)
def test_whether_shops_reach_us(settings: Settings, url: str, public: bool, secure: bool) -> None:
    settings.BASE_URL = url
    settings.OUTBOUND_ALLOWED_HOSTS = ["shops.inside.lan"]
    assert (base_url_is_public(), base_url_is_secure()) == (public, secure)
    assert ("fetch images from http" in in_words()) == public
