"""Old images are deleted while somebody begins something with them: either it has its image, or it is refused."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.access.actor import Actor
from accounts.kit.errors import NotFound
from accounts.models import AuditEntry
from integrations.actions.image_retention import set_rule, sweep
from integrations.actions.publish import Wanted, publish
from integrations.models import Connection, Publication
from processing.actions import blobs
from processing.actions.client_reviews import ask_for_review
from processing.actions.library import delete_images
from processing.actions.submit import Request, submit
from processing.models import Asset, Blob, ClientReviewImage, ImageRetention, Job, JobImage
from tests.support.aged import job_days_ago
from tests.support.at_once import at_once
from tests.support.cast import Cast, make_cast
from tests.support.picture_host import picture_host
from tests.support.shops import synced_with
from tests.support.verdicts import judged
from tests.support.woocommerce_peer import shop

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 8
Begin = Callable[[Actor, JobImage], object]


@pytest.fixture
def cast(settings: Settings) -> Iterator[Cast]:
    """Bob has a shop with a product; the images of the organization live for 30 days."""
    with picture_host() as pictures, shop() as peer:
        settings.OUTBOUND_ALLOWED_HOSTS, settings.BASE_URL = ["localhost"], pictures.address
        peer.add(1, images=1)
        people = make_cast()
        synced_with(peer, people.bob)
        set_rule(people.alice, days=30)
        yield people


def _publication(bob: Actor, image: JobImage) -> object:
    assert image.output_id
    return publish(bob, wanted=Wanted(image.output_id, Connection.objects.of(bob).get().pk, "1"))


def _job(bob: Actor, image: JobImage) -> object:
    assert image.output
    return submit(bob, Request(sources=[image.output], operation="resize", parameters={"width": 50}))


def _link(bob: Actor, image: JobImage) -> object:
    assert image.output_id
    return ask_for_review(bob, asset_ids=[image.output_id], title="Mugs")


def _begin_or_sweep(begin: Begin, bob: Actor, image: JobImage, number: int) -> object:
    if number == 0:
        return begin(bob, image)
    sweep()
    return None


BEGINNINGS = pytest.mark.parametrize("begin", [_publication, _job, _link])


def _old_image(bob: Actor, *, seed: int = 0) -> JobImage:
    image = job_days_ago(bob, 40, seed=seed)
    assert image.output
    judged(image.output, bob, "pass")
    Job.unscoped.filter(purpose="check").update(finished_at=image.job.finished_at)
    ImageRetention.unscoped.update(next_at=timezone.now())
    return image


@BEGINNINGS
def test_one_that_begins_at_the_same_moment_has_its_image_or_is_refused(cast: Cast, begin: Begin) -> None:
    for time in range(TIMES):
        image = _old_image(cast.bob, seed=time)
        assert image.output
        began, swept = at_once(2, partial(_begin_or_sweep, begin, cast.bob, image))
        assert swept is None
        there = Asset.unscoped.filter(pk=image.output.pk).exists()
        if isinstance(began, Exception):
            assert isinstance(began, NotFound), began
            assert not there
        else:
            assert there
            assert blobs.read(image.output.blob)
        connection.check_constraints()
        Publication.unscoped.update(status="confirmed")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer: nobody begins in between")
@BEGINNINGS
def test_one_that_has_begun_and_is_not_committed_keeps_its_image(cast: Cast, begin: Begin) -> None:
    image = _old_image(cast.bob)
    assert image.output
    begun, go_on = threading.Event(), threading.Event()

    def slowly() -> None:
        try:
            with transaction.atomic():
                begin(cast.bob, image)
                begun.set()
                assert go_on.wait(30)
        finally:
            connections.close_all()

    other = threading.Thread(target=slowly)
    other.start()
    assert begun.wait(30)
    sweep()
    go_on.set()
    other.join(30)
    assert Asset.unscoped.filter(pk=image.output.pk).exists()
    ImageRetention.unscoped.update(next_at=timezone.now())
    sweep()
    assert blobs.read(image.output.blob)
    named = (
        Publication.unscoped.filter(image=image.output).count()
        + JobImage.unscoped.filter(source=image.output, status="queued").count()
        + ClientReviewImage.unscoped.filter(asset=image.output).count()
    )
    assert named == 1


def test_many_sweepers_and_somebody_who_deletes_do_no_harm(cast: Cast) -> None:
    images = [job_days_ago(cast.bob, 40, seed=number) for number in range(12)]
    ImageRetention.unscoped.update(next_at=timezone.now())

    def work(number: int) -> object:
        if number == 0:
            return delete_images(cast.bob, image_ids=[image.pk for image in images[:6]])
        sweep()
        return None

    results = at_once(5, work)
    assert all(result is None or isinstance(result, int | NotFound) for result in results), results
    ImageRetention.unscoped.update(next_at=timezone.now())
    sweep()
    assert not Asset.objects.of(cast.alice).exists()
    assert not Blob.objects.of(cast.alice).exists()
    told = AuditEntry.objects.of(cast.alice).filter(action="organization.old_images_deleted")
    assert 18 <= sum(entry.details["images"] for entry in told) <= 24
