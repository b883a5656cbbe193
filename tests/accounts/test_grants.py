"""Credits of the month come once, and what is left of them ends with it."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum

from accounts.actions import credits
from accounts.actions.grants import set_monthly_credits, turn_months
from accounts.models import AuditEntry, LedgerEntry, Organization
from accounts.queries.credits import balance
from tests.support.cast import Cast


def a_month_passes(cast: Cast) -> None:
    """The entries that name a month were of the one before."""
    for entry in LedgerEntry.objects.of(cast.alice).filter(month__isnull=False).order_by("month"):
        assert entry.month
        year, month = divmod(entry.month.year * 12 + entry.month.month - 2, 12)
        LedgerEntry.unscoped.filter(pk=entry.pk).update(month=date(year, month + 1, 1))


def kinds(cast: Cast) -> list[tuple[str, int]]:
    return list(LedgerEntry.objects.of(cast.alice).order_by("pk").values_list("kind", "amount"))


def test_the_first_come_at_once_and_only_once(cast: Cast) -> None:
    set_monthly_credits(cast.alice, amount=50)
    turn_months()
    turn_months()
    assert kinds(cast) == [("grant", 100), ("grant", 50)]
    assert (balance(cast.alice), balance(cast.charlie)) == (150, 100)


def test_what_is_left_ends_and_the_next_come(cast: Cast) -> None:
    set_monthly_credits(cast.alice, amount=50)
    credits.reserve(cast.bob, amount=30, job_id=uuid.uuid4())
    a_month_passes(cast)
    turn_months()
    turn_months()
    assert kinds(cast)[2:] == [("reserve", -30), ("expiry", -20), ("grant", 50)]
    assert balance(cast.alice) == 150 == LedgerEntry.objects.of(cast.alice).aggregate(sum=Sum("amount"))["sum"]


def test_credits_that_were_bought_never_end(cast: Cast) -> None:
    set_monthly_credits(cast.alice, amount=50)
    credits.reserve(cast.bob, amount=120, job_id=uuid.uuid4())
    set_monthly_credits(cast.alice, amount=0)
    a_month_passes(cast)
    turn_months()
    assert kinds(cast)[2:] == [("reserve", -120), ("expiry", 0)]
    assert balance(cast.alice) == 30


def test_the_operators_command(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    slug = cast.alice.organization.slug
    call_command("grant_credits", slug, "25", note="A gift")
    call_command("grant_credits", slug, monthly=2000)
    assert capsys.readouterr().out.splitlines()[-1] == "Alice's shop has 2,125 credits, 2,000 each month."
    assert LedgerEntry.objects.of(cast.alice).filter(note="A gift", amount=25).exists()
    assert AuditEntry.objects.of(cast.alice).filter(action="credits.monthly_changed", credential="command").exists()


@pytest.mark.parametrize(
    ("arguments", "options", "why"),
    [
        (["nowhere", "5"], {}, "no organization"),
        (["{slug}"], {}, "how many"),
        (["{slug}", "0"], {}, "at least one"),
        (["{slug}"], {"monthly": -1}, "whole number"),
    ],
    ids=["unknown", "no number", "nothing", "negative"],
)
def test_the_command_refuses_in_words(cast: Cast, arguments: list[str], options: dict[str, int], why: str) -> None:
    slug = cast.alice.organization.slug
    with pytest.raises(CommandError, match=why):
        call_command("grant_credits", *[each.format(slug=slug) for each in arguments], **options)
    assert balance(cast.alice) == 100
    assert Organization.objects.get(slug=slug).monthly_credits == 0
