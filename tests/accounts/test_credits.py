"""The balance is the sum of the ledger, whatever happens."""

from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError
from django.db.models import Sum

from accounts.actions import credits
from accounts.kit.errors import InsufficientCredits
from accounts.models import LedgerEntry
from accounts.queries.credits import balance
from tests.support.cast import Cast


def ledger_sum(cast: Cast) -> int:
    return int(LedgerEntry.objects.of(cast.alice).aggregate(sum=Sum("amount"))["sum"] or 0)


def test_reserve_and_settle(cast: Cast) -> None:
    job = uuid.uuid4()
    assert credits.reserve(cast.alice, amount=10, job_id=job) == 10
    assert balance(cast.alice) == ledger_sum(cast) == 90
    credits.settle(cast.alice.organization.pk, job_id=job, reserved=10, charged=7)
    assert balance(cast.alice) == ledger_sum(cast) == 93
    kinds = LedgerEntry.objects.of(cast.alice).order_by("pk").values_list("kind", "amount", "charged", "balance_after")
    assert list(kinds) == [
        ("grant", 100, 0, 100),
        ("reserve", -10, 0, 90),
        ("capture", 0, 7, 90),
        ("release", 3, 0, 93),
    ]


def test_too_little_is_refused_and_nothing_is_taken(cast: Cast) -> None:
    with pytest.raises(InsufficientCredits, match="costs 101 credits and 100 are left"):
        credits.reserve(cast.alice, amount=101, job_id=uuid.uuid4())
    assert balance(cast.alice) == ledger_sum(cast) == 100
    assert balance(cast.charlie) == 100


@pytest.mark.parametrize("again", ["reserve", "settle"])
def test_no_job_is_charged_or_given_back_twice(cast: Cast, again: str) -> None:
    job = uuid.uuid4()
    credits.reserve(cast.alice, amount=2, job_id=job)
    credits.settle(cast.alice.organization.pk, job_id=job, reserved=2, charged=1)

    def repeat() -> None:
        if again == "reserve":
            credits.reserve(cast.alice, amount=2, job_id=job)
        else:
            credits.settle(cast.alice.organization.pk, job_id=job, reserved=2, charged=1)

    with pytest.raises(IntegrityError):
        repeat()


def test_without_metering_nothing_is_reserved(cast: Cast, settings) -> None:  # type: ignore[no-untyped-def]
    settings.CREDITS_UNLIMITED = True
    assert credits.reserve(cast.alice, amount=10_000, job_id=uuid.uuid4()) == 0
    assert balance(cast.alice) == 999_999
    assert ledger_sum(cast) == 100
