"""The way of a job through its rows: submitted, claimed, finished, canceled, taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.kit.errors import Conflict, InsufficientCredits, InvalidInput, NotFound, NotPermitted
from accounts.queries.credits import balance
from processing.actions.assets import save_upload
from processing.actions.cancel import cancel_job
from processing.actions.claim import claim_next, give_back
from processing.actions.finish import LostClaim, fail, succeed
from processing.actions.retry import run_again
from processing.actions.submit import Request, submit
from processing.actions.sweep import sweep
from processing.models import Asset, Blob, Job, JobImage
from processing.operations.base import Result
from tests.support.cast import Cast
from tests.support.photos import opened, product_photo


def photos(actor: Actor, count: int = 1) -> list[Asset]:
    return [save_upload(actor, data=product_photo(seed), name=f"photo-{seed}.jpg") for seed in range(count)]


def job_of(actor: Actor, count: int = 1, **parameters: object) -> Job:
    return submit(actor, Request(sources=photos(actor, count), parameters=parameters))


def code_of(job: Job) -> str:
    assert job.error is not None
    return str(job.error["code"])


def result(data: bytes = b"bytes of an image") -> Result:
    return Result(
        data=data, format="jpg", width=10, height=10, box=(1, 1, 5, 5), coverage=0.5, confidence=None,
        engine="grabcut", runtime="opencv", scale=1.0,
    )  # fmt: skip


def test_a_photo_becomes_an_output_and_costs_one_credit(cast: Cast, run_all: Callable[[], int]) -> None:
    job = job_of(cast.alice, width=300, height=300, margin=0.1)
    assert balance(cast.alice) == 99
    assert run_all() == 1
    job.refresh_from_db()
    image = job.images.get()
    assert (job.status, job.credits_charged, image.status) == ("succeeded", 1, "succeeded")
    assert [step["name"] for step in image.steps] == ["decode", "segment", "refine", "compose", "encode"]
    assert image.output is not None
    with default_storage.open(image.output.blob.path) as file:
        picture = opened(file.read())
    assert picture.size == (300, 300)
    assert picture.getpixel((2, 2)) == (255, 255, 255)
    assert balance(cast.alice) == 99


def test_a_batch_is_charged_for_what_succeeded(cast: Cast) -> None:
    job = job_of(cast.alice, 3)
    for number in range(3):
        claim = claim_next("w")
        assert claim is not None
        if number == 1:
            fail(claim, code="no_subject", detail="No product was found.")
        else:
            succeed(claim, result(f"output {number}".encode()))
    job.refresh_from_db()
    assert (job.status, job.credits_reserved, job.credits_charged) == ("succeeded", 3, 2)
    assert balance(cast.alice) == 98
    assert job.images.get(index=1).error == {"code": "no_subject", "detail": "No product was found."}


def test_a_job_whose_photos_all_failed_has_failed_and_is_free(cast: Cast) -> None:
    job = job_of(cast.alice, 2)
    for _ in range(2):
        fail(claim_next("w"), code="no_subject", detail="No product was found.")  # type: ignore[arg-type]
    job.refresh_from_db()
    assert (job.status, code_of(job), balance(cast.alice)) == ("failed", "no_subject", 100)


def test_a_refused_request_leaves_nothing_behind(cast: Cast) -> None:
    sources = photos(cast.alice)
    with pytest.raises(InvalidInput) as caught:
        submit(cast.alice, Request(sources=sources, parameters={"width": "wide", "colour": "red"}))
    assert {error.field for error in caught.value.errors} == {"width", "colour"}
    with pytest.raises(InvalidInput, match="no preset nope"):
        submit(cast.alice, Request(sources=sources, preset="nope"))
    with pytest.raises(NotPermitted):
        submit(cast.victor, Request(sources=sources))
    with pytest.raises(InsufficientCredits):
        submit(cast.alice, Request(sources=sources * 101))
    assert (Job.unscoped.count(), JobImage.unscoped.count(), balance(cast.alice)) == (0, 0, 100)


def test_one_claim_a_photo(cast: Cast) -> None:
    job_of(cast.alice)
    assert claim_next("one") is not None
    assert claim_next("two") is None


def test_a_late_worker_cannot_write(cast: Cast) -> None:
    job = job_of(cast.alice)
    late = claim_next("late")
    assert late is not None
    JobImage.unscoped.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    sweep()
    current = claim_next("current")
    assert current is not None
    assert current.attempt == late.attempt + 1
    blobs = Blob.unscoped.count()
    with pytest.raises(LostClaim):
        succeed(late, result(b"late"))
    fail(late, code="x", detail="late")
    assert Blob.unscoped.count() == blobs
    succeed(current, result())
    with pytest.raises(LostClaim):
        succeed(current, result())
    job.refresh_from_db()
    assert (job.status, balance(cast.alice)) == ("succeeded", 99)


def test_a_photo_that_keeps_killing_its_worker_is_set_aside(cast: Cast, settings) -> None:  # type: ignore[no-untyped-def]
    job = job_of(cast.alice)
    for _ in range(settings.JOB_ATTEMPTS):
        assert claim_next("w") is not None
        JobImage.unscoped.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
        sweep()
    assert claim_next("w") is None
    job.refresh_from_db()
    assert (job.status, code_of(job), balance(cast.alice)) == ("failed", "worker_lost", 100)


def test_a_photo_given_back_is_not_lost_however_often(cast: Cast, settings) -> None:  # type: ignore[no-untyped-def]
    job_of(cast.alice)
    for _ in range(settings.JOB_ATTEMPTS + 1):
        claim = claim_next("w")
        assert claim is not None
        give_back(claim)
    assert claim_next("w") is not None
    JobImage.unscoped.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    sweep()
    assert JobImage.unscoped.get().status == "queued"


def test_canceling_ends_at_once_and_gives_back(cast: Cast) -> None:
    job = job_of(cast.alice, 3)
    done, running = claim_next("w"), claim_next("w")
    assert done is not None
    assert running is not None
    succeed(done, result())
    assert cancel_job(cast.bob, job_id=job.pk).status == "canceled"
    assert balance(cast.alice) == 99
    with pytest.raises(LostClaim):
        succeed(running, result())
    assert claim_next("w") is None
    with pytest.raises(Conflict):
        cancel_job(cast.alice, job_id=job.pk)
    assert balance(cast.alice) == 99


def test_strangers_and_viewers_cancel_nothing(cast: Cast) -> None:
    job = job_of(cast.alice)
    with pytest.raises(NotFound):
        cancel_job(cast.charlie, job_id=job.pk)
    with pytest.raises(NotPermitted):
        cancel_job(cast.victor, job_id=job.pk)
    job.refresh_from_db()
    assert job.status == "queued"


def test_running_again_takes_what_failed(cast: Cast) -> None:
    job = job_of(cast.alice, 2, width=50)
    with pytest.raises(Conflict):
        run_again(cast.alice, job_id=job.pk)
    succeed(claim_next("w"), result())  # type: ignore[arg-type]
    fail(claim_next("w"), code="x", detail="x")  # type: ignore[arg-type]
    again = run_again(cast.alice, job_id=job.pk)
    assert (again.image_count, again.parameters, again.retry_of_id) == (1, job.parameters, job.pk)
    assert again.images.get().name == "photo-1.jpg"
    with pytest.raises(NotFound):
        run_again(cast.charlie, job_id=job.pk)


def test_organizations_take_turns(cast: Cast) -> None:
    job_of(cast.alice, 5)
    theirs = submit(cast.charlie, Request(sources=photos(cast.charlie, 2)))
    assert claim_next("w") is not None
    second = claim_next("w")
    assert second is not None
    assert JobImage.unscoped.get(pk=second.image_id).job_id == theirs.pk


def test_a_group_shares_one_scale(cast: Cast, run_all: Callable[[], int]) -> None:
    small = save_upload(cast.alice, data=product_photo(1, size=(240, 200)), name="a.jpg")
    large = save_upload(cast.alice, data=product_photo(2, size=(480, 400)), name="b.jpg")
    job = submit(
        cast.alice,
        Request(sources=[small, large], parameters={"width": 200, "height": 200, "margin": 0.1, "sameScale": True}),
    )
    assert run_all() == 4  # each is measured, then rendered
    job.refresh_from_db()
    first, second = job.images.order_by("index")
    assert job.status == "succeeded"
    assert first.subject_box is not None
    assert second.subject_box is not None
    assert second.subject_box[2] / first.subject_box[2] == pytest.approx(2.0, abs=0.1)
    assert balance(cast.alice) == 98


def test_the_same_bytes_are_stored_once(cast: Cast) -> None:
    one = save_upload(cast.alice, data=product_photo(1), name="a.jpg")
    assert save_upload(cast.alice, data=product_photo(1), name="a.jpg") == one
    other = save_upload(cast.alice, data=product_photo(1), name="b.jpg")
    theirs = save_upload(cast.charlie, data=product_photo(1), name="a.jpg")
    assert other.blob == one.blob
    assert theirs.blob != one.blob


@pytest.mark.django_db(transaction=True)
def test_deleting_one_of_two_keeps_the_bytes(cast: Cast) -> None:
    from processing.actions.assets import delete_asset

    one = save_upload(cast.alice, data=product_photo(1), name="a.jpg")
    two = save_upload(cast.alice, data=product_photo(1), name="b.jpg")
    path = one.blob.path
    with pytest.raises(NotFound):
        delete_asset(cast.charlie, asset_id=one.pk)
    delete_asset(cast.alice, asset_id=one.pk)
    assert default_storage.exists(path)
    delete_asset(cast.alice, asset_id=two.pk)
    assert not default_storage.exists(path)
    assert not Blob.unscoped.filter(organization=cast.alice.organization).exists()


def test_control_characters_in_words_are_no_error_of_the_database(cast: Cast) -> None:
    sources = photos(cast.alice)
    assert submit(cast.alice, Request(sources=sources, preset_label="a\x00b\n c")).preset_label == "a b c"
    with pytest.raises(InvalidInput, match="no preset"):
        submit(cast.alice, Request(sources=sources, preset="a\x00b"))
