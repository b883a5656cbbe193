"""The ledger and the audit log of some days, also where machines' clocks differ."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from accounts.actions import credits
from accounts.models import LedgerEntry
from accounts.queries.ledger import ledger
from tests.support.cast import Cast

NOON = datetime(2026, 5, 6, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def notes(cast: Cast) -> list[str]:
    """In the order of their numbers; the second was made by a machine an hour ahead of the others."""
    LedgerEntry.unscoped.filter(organization=cast.alice.organization).delete()
    moments = {"before": NOON - 9 * DAY, "ahead": NOON + HOUR, "noon": NOON, "after": NOON + 9 * DAY}
    for note, moment in moments.items():
        credits.grant(cast.alice, amount=1, note=note)
        LedgerEntry.unscoped.filter(note=note).update(created_at=moment)
    return list(moments)


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        (None, None, ["after", "noon", "ahead", "before"]),
        (NOON, NOON + 2 * HOUR, ["noon", "ahead"]),
        (NOON + HOUR, None, ["after", "ahead"]),
        (None, NOON + HOUR, ["noon", "before"]),
        (NOON + 10 * DAY, None, []),
        (None, NOON - 10 * DAY, []),
        (NOON + 2 * DAY, NOON + 3 * DAY, []),
    ],
)
def test_what_was_made_between(
    cast: Cast, notes: list[str], since: datetime | None, until: datetime | None, found: list[str]
) -> None:
    credits.grant(cast.charlie, amount=1, note="of others")
    assert [entry.note for entry in ledger(cast.alice, since=since, until=until)] == found
