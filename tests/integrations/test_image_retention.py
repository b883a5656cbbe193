"""Images that are deleted after some days: which go, what stays although it is old, and what is left of them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.access.actor import Actor
from accounts.models import Approval, AuditEntry, LedgerEntry, Organization
from integrations.actions.image_retention import set_rule, sweep
from integrations.models import Publication
from processing.actions import blobs
from processing.actions.assets import delete_asset, save_upload
from processing.actions.client_reviews import ask_for_review, revoke
from processing.actions.library import delete_images
from processing.actions.logo import set_logo
from processing.actions.move_files import every_file
from processing.actions.review import decide
from processing.actions.submit import Request, submit
from processing.models import Asset, Blob, FaceSwap, ImageRetention, Job, JobImage, StudioPhoto
from tests.support.cast import Cast
from tests.support.catalog import product, stocked
from tests.support.finished import Photo, job_of
from tests.support.photos import product_photo

Swept = Callable[[int], None]
DAYS = 30


@pytest.fixture
def swept(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Swept:
    """A round of the sweeper so many days from now, with what follows its commit."""

    def after(days: int) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            sweep(timezone.now() + timedelta(days=days, minutes=1))

    return after


def images_of(actor: Actor) -> set[uuid.UUID]:
    return set(Asset.objects.of(actor).values_list("pk", flat=True))


def made(job: Job) -> JobImage:
    return JobImage.unscoped.select_related("output__blob", "source__blob").get(job=job)


def files_of(actor: Actor) -> list[str]:
    folder = f"{actor.organization.pk}/"
    return [path for path in every_file(default_storage) if path.startswith(folder)]


def test_old_images_go_with_all_that_was_made_of_them_and_nothing_else(cast: Cast, swept: Swept) -> None:
    image, theirs = made(job_of(cast.bob, Photo())), made(job_of(cast.charlie, Photo()))
    for each in (image, theirs):
        assert each.source
        assert each.output
        blobs.keep_derived(each.source.blob, "mask.png", b"mask")
        blobs.keep_derived(each.output.blob, "320.webp", b"small")
    assert image.source
    assert cast.bob.user
    StudioPhoto.unscoped.create(organization=cast.bob.organization, user=cast.bob.user, asset=image.source)
    ledger = list(LedgerEntry.objects.of(cast.alice).order_by("pk").values())
    log = set(AuditEntry.objects.of(cast.alice).values_list("pk", flat=True))
    size = sum(blob.bytes for blob in Blob.objects.of(cast.alice))
    set_rule(cast.alice, days=DAYS)
    swept(DAYS - 1)
    assert (len(images_of(cast.alice)), len(files_of(cast.alice))) == (2, 4)
    swept(DAYS)
    assert images_of(cast.alice) == set()
    assert files_of(cast.alice) == []
    assert not Blob.objects.of(cast.alice).exists()
    assert not StudioPhoto.objects.of(cast.alice).exists()
    image.refresh_from_db()
    assert (image.status, image.in_library, image.deleted_after) == ("succeeded", False, DAYS)
    assert list(LedgerEntry.objects.of(cast.alice).order_by("pk").values()) == ledger
    told = AuditEntry.objects.of(cast.alice).get(action="organization.old_images_deleted")
    assert told.details == {"days": DAYS, "images": 2, "bytes": size}
    assert log <= set(AuditEntry.objects.of(cast.alice).values_list("pk", flat=True))
    assert (len(images_of(cast.charlie)), len(files_of(cast.charlie))) == (2, 4)
    swept(DAYS + 1)
    assert AuditEntry.objects.of(cast.alice).filter(action="organization.old_images_deleted").count() == 1


def _ends_later(job: Job) -> None:
    Job.unscoped.filter(pk=job.pk).update(finished_at=timezone.now() + timedelta(days=10))


def _later_job(cast: Cast, image: JobImage) -> Callable[[], object]:
    assert image.output
    later = submit(cast.bob, Request(sources=[image.output], operation="resize", parameters={"width": 50}))
    _ends_later(later)
    return lambda: Job.unscoped.filter(pk=later.pk).update(finished_at=timezone.now())


def _open_job(cast: Cast, image: JobImage) -> Callable[[], object]:
    undo = _later_job(cast, image)
    Job.unscoped.filter(pk=JobImage.unscoped.get(source=image.output).job_id).update(finished_at=None)
    return undo


def _job_that_waits_for_a_second_person(cast: Cast, image: JobImage) -> Callable[[], object]:
    Organization.objects.filter(pk=cast.bob.organization.pk).update(approve_spending_above=0)
    cast.bob.organization.refresh_from_db()
    undo = _open_job(cast, image)
    assert Approval.objects.of(cast.alice).filter(status="pending").exists()
    return undo


def _background(cast: Cast, image: JobImage) -> Callable[[], object]:
    later = job_of(cast.bob, Photo(seed=5))
    Job.unscoped.filter(pk=later.pk).update(background=image.output)
    _ends_later(later)
    return lambda: Job.unscoped.filter(pk=later.pk).update(finished_at=timezone.now())


def _face_swap(cast: Cast, image: JobImage) -> Callable[[], object]:
    later = job_of(cast.bob, Photo(seed=5))
    FaceSwap.unscoped.create(
        organization=cast.bob.organization, job=later, target=image.output, verb="swap", channel="1"
    )
    _ends_later(later)
    return lambda: Job.unscoped.filter(pk=later.pk).update(finished_at=timezone.now())


def _doubtful(cast: Cast, image: JobImage) -> Callable[[], object]:
    JobImage.unscoped.filter(pk=image.pk).update(confidence=0.3)
    return lambda: decide(cast.bob, image_id=image.pk, decision=JobImage.Review.ACCEPTED)


def _review_link(cast: Cast, image: JobImage) -> Callable[[], object]:
    assert image.output
    review, _ = ask_for_review(cast.bob, asset_ids=[image.output.pk], title="Mugs", days=60)
    return lambda: revoke(cast.bob, review_id=review.pk)


def _publication(cast: Cast, image: JobImage, **more: object) -> Callable[[], object]:
    assert image.output
    shop = stocked(cast.bob, product(1, "MUG-1", images=("http://127.0.0.1:9/1.jpg",)))
    row = Publication.unscoped.create(
        organization=cast.bob.organization, connection=shop, product="1", slot="main", image=image.output,
        filename="mug.jpg", sha256=image.output.blob.sha256, **more,
    )  # fmt: skip
    return lambda: Publication.unscoped.filter(pk=row.pk).update(status="confirmed", finished_at=timezone.now())


def _publication_that_waits_for_a_second_person(cast: Cast, image: JobImage) -> Callable[[], object]:
    return _publication(cast, image, held=True)


@pytest.mark.parametrize(
    "needs",
    [
        _later_job,
        _open_job,
        _job_that_waits_for_a_second_person,
        _background,
        _face_swap,
        _doubtful,
        _review_link,
        _publication,
        _publication_that_waits_for_a_second_person,
    ],
)
def test_what_something_needs_stays_until_that_is_over(
    cast: Cast, swept: Swept, needs: Callable[[Cast, JobImage], Callable[[], object]]
) -> None:
    image = made(job_of(cast.bob, Photo()))
    assert image.output
    over = needs(cast, image)
    set_rule(cast.alice, days=DAYS)
    swept(DAYS)
    assert image.output.pk in images_of(cast.alice)
    assert blobs.read(image.output.blob)
    assert image.output_id == JobImage.unscoped.get(pk=image.pk).output_id
    over()
    swept(DAYS + 1)
    assert image.output.pk not in images_of(cast.alice)


def test_the_photo_of_a_doubtful_image_stays_with_it(cast: Cast, swept: Swept) -> None:
    image = made(job_of(cast.bob, Photo(confidence=0.3)))
    set_rule(cast.alice, days=DAYS)
    swept(DAYS)
    assert images_of(cast.alice) == {image.source_id, image.output_id}


def test_a_photo_that_a_later_job_used_stays_and_its_first_image_goes(cast: Cast, swept: Swept) -> None:
    image = made(job_of(cast.bob, Photo()))
    assert image.source
    later = submit(cast.bob, Request(sources=[image.source], operation="resize", parameters={"width": 50}))
    _ends_later(later)
    set_rule(cast.alice, days=DAYS)
    swept(DAYS)
    assert images_of(cast.alice) == {image.source.pk}
    assert blobs.read(image.source.blob)


def test_bytes_that_a_younger_file_shares_stay(cast: Cast, swept: Swept) -> None:
    image = made(job_of(cast.bob, Photo()))
    assert image.source
    set_rule(cast.alice, days=DAYS)
    copy = save_upload(cast.bob, data=product_photo(0), name="the same bytes.jpg")
    assert copy.blob_id == image.source.blob_id
    Asset.unscoped.filter(pk=copy.pk).update(renewed_at=timezone.now() + timedelta(days=1))
    swept(DAYS)
    assert images_of(cast.alice) == {copy.pk}
    assert blobs.read(copy.blob) == product_photo(0)
    assert files_of(cast.alice) == [copy.blob.path]


def test_what_is_uploaded_again_is_as_new(cast: Cast, swept: Swept) -> None:
    photo = save_upload(cast.bob, data=product_photo(), name="mug.jpg")
    Asset.unscoped.filter(pk=photo.pk).update(renewed_at=timezone.now() - timedelta(days=90))
    assert save_upload(cast.bob, data=product_photo(), name="mug.jpg").pk == photo.pk
    renewed = Asset.unscoped.get(pk=photo.pk).renewed_at
    assert renewed
    assert timezone.now() - renewed < timedelta(minutes=1)
    Asset.unscoped.filter(pk=photo.pk).update(renewed_at=timezone.now() + timedelta(days=1))
    set_rule(cast.alice, days=DAYS)
    swept(DAYS)
    assert images_of(cast.alice) == {photo.pk}
    swept(DAYS + 1)
    assert images_of(cast.alice) == set()


def test_the_logo_and_what_publications_keep_stay(cast: Cast, swept: Swept) -> None:
    logo = set_logo(cast.alice, data=product_photo(3))
    photo = save_upload(cast.bob, data=product_photo(), name="mug.jpg")
    kept = Asset.unscoped.create(
        organization=cast.bob.organization,
        blob=photo.blob,
        kind="kept",
        name="mug.jpg",
        format="jpeg",
        width=9,
        height=9,
    )
    set_rule(cast.alice, days=1)
    swept(400)
    assert images_of(cast.alice) == {logo.pk, kept.pk}
    assert blobs.read(photo.blob) == product_photo()


def test_the_corrected_cut_goes_with_its_image(cast: Cast, swept: Swept) -> None:
    image, failed = made(job_of(cast.bob, Photo())), made(job_of(cast.bob, Photo(seed=2, ended="failed")))
    for number, each in enumerate((image, failed)):
        each.matte = blobs.store(cast.bob.organization.pk, f"alpha {number}".encode())
        each.save(update_fields=["matte"])
    set_rule(cast.alice, days=DAYS)
    swept(DAYS)
    assert not JobImage.unscoped.filter(matte__isnull=False).exists()
    assert files_of(cast.alice) == []


def test_where_the_current_version_goes_the_newest_that_is_left_is_shown(cast: Cast, swept: Swept) -> None:
    old, young = made(job_of(cast.bob, Photo())), made(job_of(cast.bob, Photo()))
    JobImage.unscoped.filter(pk=young.pk).update(superseded=True)
    _ends_later(young.job)
    set_rule(cast.alice, days=DAYS)
    swept(DAYS)
    shown = JobImage.objects.of(cast.alice).filter(in_library=True, output__isnull=False)
    assert [(each.pk, each.superseded) for each in shown] == [(young.pk, False)]
    assert not JobImage.unscoped.get(pk=old.pk).in_library


def test_what_a_person_has_deleted_is_not_said_to_be_the_rules_work(cast: Cast, swept: Swept) -> None:
    """Neither the image that was deleted before its photo went, nor that which stayed longer and was deleted after."""
    first, later, called = (made(job_of(cast.bob, Photo(seed=seed))) for seed in range(3))
    assert later.output
    assert called.output
    set_rule(cast.alice, days=DAYS)
    delete_images(cast.bob, image_ids=[first.pk])
    ask_for_review(cast.bob, asset_ids=[later.output.pk, called.output.pk], title="Mugs", days=60)
    swept(DAYS)
    assert images_of(cast.alice) == {later.output.pk, called.output.pk}
    told = JobImage.unscoped.order_by("pk").values_list("deleted_after", flat=True)
    assert list(told) == [None, DAYS, DAYS]
    delete_images(cast.bob, image_ids=[later.pk])
    delete_asset(cast.bob, asset_id=called.output.pk)
    assert list(told.all()) == [None, None, None]


def test_an_owner_who_takes_the_rule_back_at_the_last_moment_keeps_all(cast: Cast, swept: Swept) -> None:
    job_of(cast.bob, Photo())
    set_rule(cast.alice, days=DAYS)

    def taken_back(execute: Callable[..., object], sql: str, *rest: object) -> object:
        answer = execute(sql, *rest)
        if sql.startswith("UPDATE") and ImageRetention._meta.db_table in sql:
            ImageRetention.unscoped.all().delete()
        return answer

    with connection.execute_wrapper(taken_back):
        swept(DAYS)
    assert len(images_of(cast.alice)) == 2


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one machine, and its clock is the one")
def test_a_machine_whose_clock_is_ahead_deletes_nothing_too_early(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    job_of(cast.bob, Photo())
    ahead = timezone.now() + timedelta(days=400)
    set_rule(cast.alice, days=DAYS)
    monkeypatch.setattr(timezone, "now", lambda: ahead)
    sweep()
    assert len(images_of(cast.alice)) == 2


def test_a_round_takes_a_batch_of_each_organization(cast: Cast, swept: Swept) -> None:
    for actor in (cast.bob, cast.charlie):
        first = save_upload(actor, data=product_photo(), name="0.jpg")
        Asset.unscoped.bulk_create(
            Asset(
                organization=actor.organization, blob=first.blob, kind="upload", name=f"{number}.jpg", format="jpeg",
                width=9, height=9,
            ) for number in range(1, 70)
        )  # fmt: skip
    set_rule(cast.alice, days=DAYS)
    set_rule(cast.charlie, days=DAYS)
    swept(DAYS)
    assert [len(images_of(actor)) for actor in (cast.alice, cast.charlie)] == [20, 20]
    swept(DAYS)
    assert [len(images_of(actor)) for actor in (cast.alice, cast.charlie)] == [0, 0]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL goes through small tables from end to end")
def test_images_of_others_are_not_gone_through(cast: Cast, swept: Swept) -> None:
    job_of(cast.bob, Photo())
    set_rule(cast.alice, days=DAYS)
    with CaptureQueriesContext(connection) as asked:
        swept(DAYS)
    walks = [query["sql"] for query in asked if query["sql"].startswith("SELECT") and "LIMIT 50" in query["sql"]]
    for walk in walks[1:]:  # after that of the rules
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {walk}")
            plan = [row[3] for row in cursor.fetchall()]
        assert plan[0].endswith("asset_by_kind (organization_id=? AND kind=? AND id<?)"), plan
        assert not any("ORDER BY" in step for step in plan), plan
    assert len(walks) == 3


def test_without_the_rule_and_after_it_was_taken_back_images_stay(cast: Cast, swept: Swept) -> None:
    job_of(cast.bob, Photo())
    swept(400)
    set_rule(cast.alice, days=1)
    set_rule(cast.alice, days=None)
    swept(400)
    assert len(images_of(cast.alice)) == 2
