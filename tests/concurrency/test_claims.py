"""Claims against cancels, leases and other claims: no deadlock, no write by somebody who lost the photo."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.kit.errors import Conflict
from accounts.queries.credits import balance
from processing.actions.assets import save_upload
from processing.actions.cancel import cancel_job
from processing.actions.claim import claim_next, give_back, held, renew
from processing.actions.finish import LostClaim, fail, measured
from processing.actions.submit import Request, submit
from processing.actions.sweep import sweep
from processing.models import Job, JobImage
from processing.queries.turns import Next
from tests.support.at_once import at_once
from tests.support.cast import make_cast
from tests.support.photos import product_photo

pytestmark = pytest.mark.django_db(transaction=True)


def group_of(actor: Actor, count: int) -> Job:
    """A job whose photos share one scale: each is measured, then waits for the others."""
    sources = [save_upload(actor, data=product_photo(seed), name=f"{seed}.jpg") for seed in range(count)]
    return submit(actor, Request(sources=sources, parameters={"width": 200, "margin": 0.1, "sameScale": True}))


def let_leases_expire() -> None:
    JobImage.unscoped.filter(status="running").update(lease_expires_at=timezone.now() - timedelta(seconds=1))


def test_claims_and_cancels_never_block_each_other() -> None:
    cast = make_cast()
    source = save_upload(cast.alice, data=product_photo(), name="a.jpg")
    jobs = [submit(cast.alice, Request(sources=[source] * 2)) for _ in range(40)]

    def work(number: int) -> object:
        if number % 2:
            claims = [claim_next(f"w{number}") for _ in range(40)]
            for claim in filter(None, claims):
                fail(claim, code="x", detail="x")
        else:
            for job in jobs:
                try:
                    cancel_job(cast.alice, job_id=job.pk)
                except Conflict:
                    continue
        return None

    assert at_once(4, work) == [None] * 4
    assert {job.ended for job in Job.unscoped.all()} == {True}
    assert balance(cast.alice) == 100


def test_a_parked_photo_cannot_be_claimed_by_one_who_saw_it_before() -> None:
    cast = make_cast()
    job = group_of(cast.alice, 2)
    # The only row that both workers can see; the second one decides on it before the first has measured it.
    JobImage.unscoped.filter(job=job, index=1).update(priority=0)
    first = claim_next("w")
    assert first is not None
    measured(first, scale=1.0)
    from processing.actions import claim as claims

    assert claims._claim(Next(first.image_id, first.attempt), "late") is None
    image = JobImage.unscoped.get(pk=first.image_id)
    assert (image.status, image.parked) == ("queued", True)


def test_who_lost_a_photo_while_measuring_cannot_write_to_it_afterwards() -> None:
    cast = make_cast()
    group_of(cast.alice, 1 + 1)
    lost = claim_next("stalled")
    assert lost is not None
    let_leases_expire()
    sweep()
    while claim := claim_next("w"):
        phase = JobImage.unscoped.get(pk=claim.image_id).phase
        if phase == "render" and claim.image_id == lost.image_id:
            break
        if phase == "measure":
            measured(claim, scale=1.0)
    assert claim is not None
    assert not held(lost).exists()
    with pytest.raises(LostClaim):
        measured(lost, scale=9.0)
    fail(lost, code="x", detail="late")
    assert held(claim).exists()


def test_a_photo_given_back_is_never_held_by_the_one_before() -> None:
    cast = make_cast()
    source = save_upload(cast.alice, data=product_photo(), name="a.jpg")
    submit(cast.alice, Request(sources=[source]))
    before = claim_next("before")
    assert before is not None
    give_back(before)
    after = claim_next("after")
    assert after is not None
    assert not held(before).exists()
    assert held(after).exists()


def test_a_lease_renewed_at_the_last_moment_is_kept(settings) -> None:  # type: ignore[no-untyped-def]
    """The sweeper has found it expired, the worker renews it, the sweeper acts: that photo is not lost."""
    settings.JOB_ATTEMPTS = 1
    cast = make_cast()
    source = save_upload(cast.alice, data=product_photo(), name="a.jpg")
    for _ in range(8):
        submit(cast.alice, Request(sources=[source]))
    claims = [claim for _ in range(8) if (claim := claim_next("w"))]
    let_leases_expire()
    started = threading.Event()

    def work(number: int) -> object:
        if number == 0:
            started.set()
            sweep()
        else:
            started.wait(10)
            renew(claims)
            # What the worker still holds now must be there to be finished.
            return [claim for claim in claims if held(claim).filter(lease_expires_at__gt=timezone.now()).exists()]
        return None

    kept = at_once(2, work)[1]
    assert isinstance(kept, list), kept
    assert all(held(claim).exists() for claim in kept)


def test_a_group_goes_on_without_the_photo_that_keeps_killing_its_worker(settings) -> None:  # type: ignore[no-untyped-def]
    cast = make_cast()
    job = group_of(cast.alice, 3)
    victim = claim_next("w")
    assert victim is not None
    for _ in range(2):
        other = claim_next("w")
        assert other is not None
        measured(other, scale=1.0)
    assert claim_next("w") is None
    for _ in range(settings.JOB_ATTEMPTS - 1):
        let_leases_expire()
        sweep()
        assert claim_next("w") is not None
    let_leases_expire()
    sweep()
    assert JobImage.unscoped.get(pk=victim.image_id).error["code"] == "worker_lost"  # type: ignore[index]
    rendering = [claim_next("w"), claim_next("w")]
    assert None not in rendering
    assert {JobImage.unscoped.get(pk=claim.image_id).phase for claim in rendering if claim} == {"render"}
    job.refresh_from_db()
    assert job.status == "running"
    connections.close_all()
