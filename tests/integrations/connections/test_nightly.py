"""Every night what has changed, once a week everything, by the organization's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.models import Organization
from integrations.actions.nightly import next_night, sweep, work_out_again
from integrations.models import CatalogSync, Connection
from tests.support.cast import Cast
from tests.support.shops import turns
from tests.support.woocommerce_peer import Shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def peer(peer: Shop) -> Shop:
    peer.add(1)
    return peer


def night_has_come() -> None:
    Connection.unscoped.update(sync_after=timezone.now() - timedelta(seconds=1))


def made() -> list[bool]:
    """Of each sync: whether it reads everything."""
    return [sync.since is None for sync in CatalogSync.unscoped.order_by("pk")]


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/New_York"])
@pytest.mark.parametrize("now", ["2026-05-04T00:00", "2026-05-04T03:10", "2026-05-04T23:59"])
def test_it_is_at_three_in_the_organizations_night(zone: str, now: str) -> None:
    row = Connection(organization=Organization(time_zone=zone), nightly_at="03:00")
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    night = next_night(row, at)
    assert at < night <= at + timedelta(days=1, minutes=30)
    here = night.astimezone(ZoneInfo(zone))
    assert (here.hour, here.minute < 30) == (3, True)


def test_a_new_connection_waits_for_its_night(row: Connection) -> None:
    sweep()
    row.refresh_from_db()
    assert row.sync_after is not None
    assert timezone.now() < row.sync_after <= timezone.now() + timedelta(days=1, minutes=30)
    assert made() == []


def test_everything_first_then_changes_and_everything_again_after_a_week(row: Connection, peer: Shop) -> None:
    night_has_come()
    sweep()
    sweep()
    assert made() == [True]
    first = CatalogSync.unscoped.get()
    assert first.created_by is None
    assert turns(first).status == "succeeded"
    night_has_come()
    sweep()
    turns(CatalogSync.unscoped.latest("pk"))
    assert made() == [True, False]
    CatalogSync.unscoped.filter(pk=first.pk).update(created_at=timezone.now() - timedelta(days=7))
    night_has_come()
    sweep()
    assert made() == [True, False, True]


def test_it_is_left_out_where_it_is_off_broken_open_or_disconnected(row: Connection) -> None:
    for other in (
        {"nightly": False},
        {"nightly": True, "status": "broken"},
        {"status": "connected", "disconnected_at": timezone.now()},
    ):
        Connection.unscoped.update(**other)
        night_has_come()
        sweep()
        assert made() == [], other
    Connection.unscoped.update(disconnected_at=None)
    for _ in range(2):
        night_has_come()
        sweep()
    assert made() == [True]


def test_a_closing_organization_is_left_alone_until_it_is_kept(row: Connection) -> None:
    Organization.objects.update(closes_at=timezone.now() + timedelta(days=3))
    night_has_come()
    sweep()
    assert made() == []
    Organization.objects.update(closes_at=None)
    sweep()
    assert made() == [True]


def test_another_zone_is_another_night(cast: Cast, row: Connection) -> None:
    sweep()
    row.refresh_from_db()
    before = row.sync_after
    assert before is not None
    Organization.objects.filter(pk=cast.alice.organization.pk).update(time_zone="Asia/Tokyo")
    work_out_again(cast.charlie)
    row.refresh_from_db()
    assert row.sync_after == before
    work_out_again(cast.alice)
    sweep()
    row.refresh_from_db()
    assert row.sync_after is not None
    assert (row.sync_after - before).total_seconds() % 86400 == (24 - 9) * 3600
