"""Whose photo a worker takes next. The rows decide; no worker and no queue is needed to see it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.access.actor import Actor
from processing.actions.assets import save_upload
from processing.actions.claim import Claim, claim_next, give_back
from processing.actions.finish import fail
from processing.actions.submit import Request, submit
from processing.models import Job, JobImage
from processing.queries import turns
from tests.support.cast import Cast
from tests.support.photos import product_photo

pytestmark = pytest.mark.django_db


def job_of(actor: Actor, count: int, *, purpose: Job.Purpose = Job.Purpose.WORK) -> Job:
    source = save_upload(actor, data=product_photo(), name="a.jpg")
    return submit(actor, Request(sources=[source] * count, purpose=purpose))


def taken() -> tuple[Claim, JobImage]:
    claim = claim_next("w")
    assert claim is not None
    return claim, JobImage.unscoped.get(pk=claim.image_id)


def jobs_taken(count: int) -> list[Job]:
    """By one worker that ends each photo before it takes the next."""
    found = []
    for _ in range(count):
        claim, image = taken()
        found.append(image.job)
        fail(claim, code="x", detail="x")
    return found


def test_the_batches_of_two_organizations_take_turns_with_a_single_worker(cast: Cast) -> None:
    first, second = job_of(cast.alice, 6), job_of(cast.charlie, 6)
    assert jobs_taken(6) == [first, second] * 3


def test_a_large_batch_does_not_hold_up_another_organizations_image(cast: Cast) -> None:
    job_of(cast.alice, 50)
    claims = [taken()[0] for _ in range(4)]
    single = job_of(cast.charlie, 1)
    fail(claims[0], code="x", detail="x")  # a worker has become free
    assert taken()[1].job == single


def test_nor_the_images_and_previews_of_its_own_organization(cast: Cast) -> None:
    batch = job_of(cast.alice, 50)
    claims = [taken()[0] for _ in range(2)]
    single, preview = job_of(cast.alice, 1), job_of(cast.alice, 1, purpose=Job.Purpose.PREVIEW)
    fail(claims[0], code="x", detail="x")
    assert [taken()[1].job, taken()[1].job, taken()[1].job] == [preview, single, batch]


def test_a_flood_of_single_images_leaves_room_for_another_organizations_batch(cast: Cast) -> None:
    batch = job_of(cast.alice, 10)
    for _ in range(20):
        job_of(cast.charlie, 1)
    in_hand = [taken() for _ in range(2)]  # two workers
    found = []
    for _ in range(12):
        claim, image = in_hand.pop(0)
        found.append(image.job)
        fail(claim, code="x", detail="x")
        in_hand.append(taken())
    assert 4 <= found.count(batch) <= 8


def test_two_batches_of_one_organization_take_turns_and_each_keeps_its_order(cast: Cast) -> None:
    large, small = job_of(cast.alice, 8), job_of(cast.alice, 2)
    assert jobs_taken(6) == [large, small, large, small, large, large]
    ended = large.images.filter(status="failed").order_by("started_at")
    assert list(ended.values_list("index", flat=True)) == [0, 1, 2, 3]


def test_the_oldest_of_several_single_images_goes_first_and_one_given_back_before_them(cast: Cast) -> None:
    jobs = [job_of(cast.alice, 1) for _ in range(3)]
    claim, image = taken()
    assert image.job == jobs[0]
    give_back(claim)
    assert jobs_taken(3) == jobs


def test_photos_that_wait_for_something_else_are_nobodys_turn(cast: Cast) -> None:
    job = job_of(cast.alice, 3)
    JobImage.unscoped.filter(job=job).update(parked=True)
    assert turns.waiting() == []
    assert claim_next("w") is None


def test_of_very_many_organizations_some_are_compared_and_none_is_left_out(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_of(cast.alice, 3), job_of(cast.charlie, 3)
    monkeypatch.setattr(turns, "_WAITING", turns._WAITING.replace(f"LIMIT {turns.MOST}", "LIMIT 1"))
    monkeypatch.setattr(turns, "MOST", 1)
    both = {cast.alice.organization.pk, cast.charlie.organization.pk}
    assert {each.organization_id for each in turns.waiting()} == both


def test_when_the_last_photo_was_taken_counts_and_not_when_it_was_queued(cast: Cast) -> None:
    first, second = job_of(cast.alice, 2), job_of(cast.charlie, 2)
    JobImage.unscoped.filter(job=second).update(queued_at=timezone.now() - timedelta(days=1))
    assert jobs_taken(4) == [first, second] * 2
