"""What a team or a key may spend in a month: told of at the soft limit, refused beyond the hard one."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import partial

import pytest
from django.core import mail
from django.db.models import Sum
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.access.permissions import Role
from accounts.actions import budget_spending, credit_mail, credits
from accounts.actions.api_keys import create_api_key, rotate_api_key
from accounts.actions.budgets import set_key_budget, set_team_budget
from accounts.actions.teams import create_team, remove_place, set_place, spend_from
from accounts.kit import tasks
from accounts.kit.errors import BudgetSpent, InvalidInput, NotFound, NotPermitted
from accounts.models import ApiKey, AuditEntry, Budget, BudgetMonth, LedgerEntry, Team, TeamPlace
from accounts.queries.budgets import standings
from accounts.queries.credits import balance
from tests.support.cast import Cast


def spend(actor: Actor, amount: int, *, charged: int | None = None) -> uuid.UUID:
    job = uuid.uuid4()
    credits.reserve(actor, amount=amount, job_id=job)
    if charged is not None:
        credits.settle(actor.organization.pk, job_id=job, reserved=amount, charged=charged)
    return job


def with_key(actor: Actor, row: ApiKey) -> Actor:
    return replace(actor, api_key=ApiKey.unscoped.get(pk=row.pk))


def months() -> list[int]:
    return list(BudgetMonth.unscoped.order_by("pk").values_list("spent", flat=True))


@pytest.fixture
def team(cast: Cast) -> Team:
    row = create_team(cast.alice, name="EU shop")
    set_place(cast.alice, team_id=row.pk, email="bob@example.com", lead=True)
    return row


def test_the_team_may_spend_so_much_and_no_more(cast: Cast, team: Team) -> None:
    set_team_budget(cast.alice, team_id=team.pk, soft=None, hard=10)
    spend(cast.bob, 8, charged=5)
    with pytest.raises(
        BudgetSpent, match="The team EU shop has 5 of its 10 credits of this month left, and this costs 6"
    ):
        spend(cast.bob, 6)
    with pytest.raises(BudgetSpent):
        credits.refuse_if_short(cast.bob, amount=6)
    assert (months(), balance(cast.alice)) == ([5], 95)
    spend(cast.bob, 5)
    spend(cast.alice, 50)  # who is in no team
    assert (months(), balance(cast.alice)) == ([10], 40)


def test_a_budget_counts_what_was_spent_this_month_before_it(cast: Cast, team: Team) -> None:
    spend(cast.bob, 8, charged=3)
    running = spend(cast.bob, 4)
    spend(cast.alice, 20)
    set_team_budget(cast.alice, team_id=team.pk, soft=None, hard=10)
    assert months() == [7]
    credits.settle(cast.alice.organization.pk, job_id=running, reserved=4, charged=1)
    assert months() == [4]


def test_what_comes_back_comes_back_to_its_month(cast: Cast, team: Team) -> None:
    set_team_budget(cast.alice, team_id=team.pk, soft=None, hard=10)
    job = spend(cast.bob, 6)
    last = datetime(2026, 1, 31, 23, 59, tzinfo=UTC)
    LedgerEntry.unscoped.filter(job_id=job).update(created_at=last)
    BudgetMonth.unscoped.update(month=budget_spending.month_of(last))
    spend(cast.bob, 2)
    credits.settle(cast.alice.organization.pk, job_id=job, reserved=6, charged=0)
    assert months() == [0, 2]


def test_a_key_has_its_own_budget_and_counts_on_its_teams(cast: Cast, team: Team) -> None:
    row, _ = create_api_key(cast.alice, name="Import", scopes=["*"])
    set_key_budget(cast.alice, key_id=row.pk, team_id=team.pk, soft=None, hard=5)
    set_team_budget(cast.alice, team_id=team.pk, soft=None, hard=7)
    spend(with_key(cast.alice, row), 4)
    with pytest.raises(BudgetSpent, match="The API key"):
        spend(with_key(cast.alice, row), 2)
    assert months() == [4, 4]
    spend(cast.bob, 3)
    with pytest.raises(BudgetSpent, match="The team"):
        spend(with_key(cast.alice, row), 1)
    assert [(each.spent, each.used_up) for each in standings(cast.victor)] == [(7, True), (4, False)]


def test_a_rotated_key_spends_from_its_successors_budget(cast: Cast, team: Team) -> None:
    row, _ = create_api_key(cast.alice, name="Import", scopes=["*"])
    set_key_budget(cast.alice, key_id=row.pk, team_id=team.pk, soft=None, hard=5)
    _, new, _ = rotate_api_key(cast.alice, key_id=row.pk, ends_at=None, expires_at=None)
    assert new.team_id == team.pk
    assert Budget.unscoped.get().api_key_id == new.pk
    spend(with_key(cast.alice, row), 3)
    with pytest.raises(BudgetSpent):
        spend(with_key(cast.alice, new), 3)


def test_people_are_told_once_at_each_limit(cast: Cast, team: Team, django_capture_on_commit_callbacks) -> None:  # type: ignore[no-untyped-def]
    set_team_budget(cast.alice, team_id=team.pk, soft=5, hard=10)
    sent: list[int] = []
    for amount in (4, 1, 1, 4):
        with django_capture_on_commit_callbacks() as told:
            spend(cast.bob, amount)
        sent.append(sum(isinstance(each, partial) and each.func is tasks.send for each in told))
    assert sent == [0, 1, 0, 1]
    credit_mail.mail_budget(BudgetMonth.unscoped.get().pk)
    assert {each.to[0] for each in mail.outbox} == {"alice@example.com", "bob@example.com"}
    assert mail.outbox[0].subject == "The team EU shop has used up its budget"
    assert "has spent 10 credits" in mail.outbox[0].body
    assert "/credits/" in mail.outbox[0].body


def test_a_low_balance_is_told_to_owners_and_admins(cast: Cast, django_capture_on_commit_callbacks) -> None:  # type: ignore[no-untyped-def]
    with django_capture_on_commit_callbacks() as told:
        spend(cast.bob, 95)
    assert told
    credit_mail.mail_low_balance(cast.alice.organization.pk)
    assert [each.to for each in mail.outbox] == [["alice@example.com"]]
    assert mail.outbox[0].subject == "Alice's shop has 5 credits left"


@pytest.mark.parametrize(
    ("soft", "hard", "field"),
    [(-1, None, "soft"), (None, -1, "hard"), (10, 9, "soft"), (None, 10**12, "hard")],
    ids=["negative mark", "negative limit", "mark above limit", "too large"],
)
def test_limits_that_make_no_sense_are_refused_by_field(
    cast: Cast, team: Team, soft: int | None, hard: int | None, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        set_team_budget(cast.alice, team_id=team.pk, soft=soft, hard=hard)
    assert refused.value.errors[0].field == field
    assert not Budget.unscoped.exists()


def test_who_may_set_a_budget(cast: Cast, team: Team) -> None:
    row, _ = create_api_key(cast.alice, name="Import", scopes=["*"])
    for actor in (cast.bob, cast.victor):  # Bob leads the team, and does not decide what it may spend
        with pytest.raises(NotPermitted):
            set_team_budget(actor, team_id=team.pk, soft=None, hard=1)
        with pytest.raises(NotPermitted):
            set_key_budget(actor, key_id=row.pk, team_id=None, soft=None, hard=1)
    with pytest.raises(NotFound):
        set_team_budget(cast.charlie, team_id=team.pk, soft=None, hard=1)
    with pytest.raises(NotFound):
        set_key_budget(
            cast.alice, key_id=row.pk, team_id=create_team(cast.charlie, name="Theirs").pk, soft=None, hard=1
        )
    assert not Budget.unscoped.exists()
    set_team_budget(cast.bob_as(Role.ADMIN), team_id=team.pk, soft=None, hard=1)


def test_empty_limits_take_the_budget_away_and_the_log_says_so(cast: Cast, team: Team) -> None:
    set_team_budget(cast.alice, team_id=team.pk, soft=None, hard=1)
    set_team_budget(cast.alice, team_id=team.pk, soft=None, hard=None)
    assert not Budget.unscoped.exists()
    spend(cast.bob, 50)
    entries = AuditEntry.objects.of(cast.alice).filter(action="budget.changed").order_by("pk")
    assert [(each.details["before"]["hard"], each.details["after"]["hard"]) for each in entries] == [
        (None, 1),
        (1, None),
    ]


def test_a_member_spends_from_one_of_their_teams(cast: Cast, team: Team) -> None:
    other = create_team(cast.alice, name="US shop")
    place = set_place(cast.alice, team_id=other.pk, email="bob@example.com", lead=False)
    assert not place.spends
    spend(cast.bob, 1)
    spend_from(cast.alice, team_id=other.pk, membership_id=place.membership_id)
    spend(cast.bob, 2)
    by_team = LedgerEntry.unscoped.filter(kind="reserve").values("team__name").annotate(sum=Sum("amount"))
    assert {row["team__name"]: row["sum"] for row in by_team} == {"EU shop": -1, "US shop": -2}
    assert TeamPlace.unscoped.filter(spends=True).count() == 1
    with pytest.raises(NotPermitted):
        spend_from(cast.bob, team_id=team.pk, membership_id=place.membership_id)
    remove_place(cast.alice, team_id=other.pk, membership_id=place.membership_id)
    with pytest.raises(NotFound):
        spend_from(cast.alice, team_id=other.pk, membership_id=place.membership_id)


def test_the_month_begins_in_utc_wherever_the_admin_is(cast: Cast, team: Team) -> None:
    first = datetime.combine(budget_spending.month_of(timezone.now()), time.min, tzinfo=UTC)
    for moment in (first - timedelta(minutes=1), first + timedelta(minutes=1)):
        LedgerEntry.unscoped.filter(job_id=spend(cast.bob, 4)).update(created_at=moment)
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        with timezone.override(zone):
            set_team_budget(cast.alice, team_id=team.pk, soft=None, hard=10)
        assert months() == [4], zone
        set_team_budget(cast.alice, team_id=team.pk, soft=None, hard=None)
