"""Many at once, on the real database: no credit twice, no photo twice."""

from __future__ import annotations

import uuid

import pytest
from django.db.models import Sum

from accounts.actions import credits
from accounts.actions.api_keys import create_api_key, rotate_api_key
from accounts.actions.budgets import set_team_budget
from accounts.actions.grants import turn_months
from accounts.actions.teams import create_team, set_place
from accounts.kit.errors import BudgetSpent, Conflict, InsufficientCredits
from accounts.models import ApiKey, BudgetMonth, LedgerEntry, Organization
from accounts.queries.credits import balance
from processing.actions.assets import save_upload
from processing.actions.cancel import cancel_job
from processing.actions.claim import Claim, claim_next
from processing.actions.finish import LostClaim, fail
from processing.actions.retry import run_again
from processing.actions.run_over import run_over
from processing.actions.submit import Request, submit
from processing.models import Job
from tests.support.at_once import at_once
from tests.support.cast import make_cast
from tests.support.finished import Photo, job_of
from tests.support.photos import product_photo

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 12


def test_the_last_credits_go_once() -> None:
    cast = make_cast(credits=5)
    results = at_once(AT_ONCE, lambda number: credits.reserve(cast.alice, amount=1, job_id=uuid.uuid4()))
    refused = [result for result in results if isinstance(result, InsufficientCredits)]
    assert (results.count(1), len(refused)) == (5, AT_ONCE - 5)
    assert balance(cast.alice) == 0
    assert LedgerEntry.objects.of(cast.alice).aggregate(sum=Sum("amount"))["sum"] == 0


def test_a_photo_has_one_claim() -> None:
    cast = make_cast()
    source = save_upload(cast.alice, data=product_photo(), name="a.jpg")
    submit(cast.alice, Request(sources=[source] * 4))
    claims = [claim for claim in at_once(AT_ONCE, lambda number: claim_next(f"w{number}")) if claim]
    assert all(isinstance(claim, Claim) for claim in claims), claims
    assert len(claims) == len({claim.image_id for claim in claims if isinstance(claim, Claim)}) == 4


def test_end_and_cancel_at_the_same_time_settle_once() -> None:
    cast = make_cast()
    source = save_upload(cast.alice, data=product_photo(), name="a.jpg")
    job = submit(cast.alice, Request(sources=[source] * 6))
    claims = [claim_next("w") for _ in range(6)]

    def work(number: int) -> object:
        if number == 6:
            return cancel_job(cast.alice, job_id=job.pk)
        claim = claims[number]
        assert claim is not None
        return fail(claim, code="x", detail="x")

    results = at_once(7, work)
    unexpected = [result for result in results if isinstance(result, Exception) and result.__class__ is not LostClaim]
    assert all(error.__class__.__name__ == "Conflict" for error in unexpected), unexpected
    job = Job.unscoped.get(pk=job.pk)
    assert job.ended
    assert balance(cast.alice) == 100
    kinds = LedgerEntry.objects.of(cast.alice).filter(job_id=job.pk).values_list("kind", flat=True)
    assert sorted(kinds) == ["release", "reserve"]


def test_many_clicks_on_run_again_are_one_job_and_one_charge() -> None:
    cast = make_cast()
    source = save_upload(cast.alice, data=product_photo(), name="a.jpg")
    job = submit(cast.alice, Request(sources=[source]))
    claim = claim_next("w")
    assert claim is not None
    fail(claim, code="x", detail="x")
    found = at_once(AT_ONCE, lambda number: run_again(cast.alice, job_id=job.pk).pk)
    assert len(set(found)) == 1, found
    assert Job.objects.of(cast.alice).count() == 2
    assert balance(cast.alice) == 99


def test_many_clicks_on_run_over_are_one_job_and_one_charge() -> None:
    cast = make_cast()
    made = job_of(cast.alice, Photo("a.jpg"), Photo("b.jpg", 1))
    images = list(made.images.values_list("pk", flat=True))
    found = at_once(AT_ONCE, lambda number: run_over(cast.alice, image_ids=images, preset="ebay", expected=(2, 2)))
    refused = [result for result in found if isinstance(result, Conflict)]
    assert len(refused) == AT_ONCE - 1, found
    assert Job.objects.of(cast.alice).count() == 2
    assert balance(cast.alice) == 96


def test_rotating_a_key_many_times_at_once_makes_one() -> None:
    cast = make_cast()
    row, _ = create_api_key(cast.alice, name="Shop", scopes=["*"])
    results = at_once(AT_ONCE, lambda number: rotate_api_key(cast.alice, key_id=row.pk, ends_at=None, expires_at=None))
    refused = [result for result in results if isinstance(result, Conflict)]
    assert len(refused) == AT_ONCE - 1, results
    assert ApiKey.unscoped.count() == 2


def test_the_last_credits_of_a_budget_go_once() -> None:
    cast = make_cast()
    team = create_team(cast.alice, name="EU shop")
    set_place(cast.alice, team_id=team.pk, email="bob@example.com", lead=False)
    set_team_budget(cast.alice, team_id=team.pk, soft=None, hard=5)
    results = at_once(AT_ONCE, lambda number: credits.reserve(cast.bob, amount=1, job_id=uuid.uuid4()))
    refused = [result for result in results if isinstance(result, BudgetSpent)]
    assert (results.count(1), len(refused)) == (5, AT_ONCE - 5), results
    assert BudgetMonth.unscoped.get().spent == 5
    assert balance(cast.alice) == 95


def test_the_credits_of_a_month_come_once_from_many_sweepers() -> None:
    cast = make_cast(credits=0)
    Organization.objects.filter(pk=cast.alice.organization.pk).update(monthly_credits=50)
    results = at_once(AT_ONCE, lambda number: turn_months())
    assert results == [None] * AT_ONCE
    assert balance(cast.alice) == 50
