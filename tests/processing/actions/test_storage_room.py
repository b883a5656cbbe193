"""The storage of a plan: counted once per content, refused when it is full, told of before, open again after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.access.permissions import Role
from accounts.actions.grants import set_plan
from accounts.models import Organization, Plan
from accounts.queries.credits import balance
from processing.actions import storage_mail
from processing.actions.assets import delete_asset, save_upload
from processing.actions.storage_room import StorageFull, refuse_if_full, watch
from processing.actions.submit import Request, submit
from processing.models import Asset, Blob, Job, StoredBytes
from processing.queries.stored_bytes import count
from tests.support.api import Api
from tests.support.api import photo as upload
from tests.support.cast import Cast
from tests.support.in_process_worker import run_all
from tests.support.photos import product_photo

pytestmark = pytest.mark.django_db
As = Callable[[Actor], Client]


def limited(cast: Cast, *, percent: int) -> None:
    """A plan that is so full; the figure that was counted before is old."""
    plan, _ = Plan.objects.get_or_create(name="Basic")
    plan.storage_megabytes = 1
    plan.save(update_fields=["storage_megabytes"])
    set_plan(cast.alice, plan=plan)
    # Megabytes are whole: what is stored says how full it is.
    Blob.unscoped.filter(organization=cast.alice.organization).update(bytes=0)
    Blob.unscoped.filter(pk=Blob.objects.of(cast.alice).latest("pk").pk).update(bytes=10_000 * percent)
    later()
    for each in (cast.alice, cast.bob):
        each.organization.refresh_from_db()


def later() -> None:
    StoredBytes.unscoped.update(counted_at=timezone.now() - timedelta(minutes=11))


@pytest.fixture
def photo(cast: Cast) -> Asset:
    return save_upload(cast.alice, data=product_photo(), name="a.jpg")


def test_without_a_limit_nothing_is_asked(
    cast: Cast, photo: Asset, django_assert_num_queries: Callable[[int], object]
) -> None:
    with django_assert_num_queries(0):  # type: ignore[attr-defined]
        refuse_if_full(cast.alice, more=b"x" * 1000)
    watch()
    assert not StoredBytes.unscoped.exists()


def test_an_api_call_is_refused_and_leaves_nothing(cast: Cast, photo: Asset) -> None:
    key = cast.key()
    limited(cast, percent=100)
    before = balance(cast.alice)
    api = Api(key)
    for answer in (
        api.form("/files", {"image": upload(1)}),
        api.form("/process", {"image": upload(1)}),
        api.json("/process", {"fileId": str(photo.pk)}),
    ):
        assert answer.status_code == 402, answer.content
        assert answer.json()["code"] == "storage_full"
        assert "The plan Basic has room for 1.0 MB of images, and 1.0 MB are stored." in answer.json()["detail"]
    assert (Asset.objects.of(cast.alice).count(), Job.objects.of(cast.alice).count()) == (1, 0)
    assert balance(cast.alice) == before
    # Others are not meant.
    save_upload(cast.charlie, data=product_photo(2), name="b.jpg")


def test_the_same_photo_again_takes_no_room(cast: Cast, photo: Asset) -> None:
    limited(cast, percent=100)
    assert save_upload(cast.alice, data=product_photo(), name="a.jpg") == photo


def test_what_is_deleted_makes_room_at_once(
    cast: Cast, photo: Asset, django_capture_on_commit_callbacks: object
) -> None:
    limited(cast, percent=100)
    with pytest.raises(StorageFull):
        save_upload(cast.alice, data=product_photo(1), name="b.jpg")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        delete_asset(cast.alice, asset_id=photo.pk)
    StoredBytes.unscoped.update(counted_at=timezone.now() - timedelta(seconds=3))
    save_upload(cast.alice, data=product_photo(1), name="b.jpg")


def test_uploads_between_two_counts_are_added_up(
    cast: Cast, photo: Asset, django_capture_on_commit_callbacks: object
) -> None:
    limited(cast, percent=0)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        for seed in range(1, 4):
            save_upload(cast.alice, data=product_photo(seed), name=f"{seed}.jpg")
    assert StoredBytes.unscoped.get().bytes == count(cast.alice.organization.pk) > 0


def test_work_in_hand_is_kept_although_it_is_full_now(cast: Cast, photo: Asset) -> None:
    job = submit(cast.bob, Request(sources=[photo], parameters={"width": 300, "height": 300}))
    limited(cast, percent=100)
    with pytest.raises(StorageFull):
        submit(cast.bob, Request(sources=[photo], parameters={"width": 300, "height": 300}))
    run_all()
    assert Job.unscoped.get(pk=job.pk).status == "succeeded"


def test_owners_and_admins_are_told_once_until_there_was_room(
    cast: Cast, photo: Asset, django_capture_on_commit_callbacks: object
) -> None:
    def told() -> int:
        later()
        with django_capture_on_commit_callbacks() as callbacks:  # type: ignore[operator]
            watch()
        return len(callbacks)

    limited(cast, percent=89)
    assert told() == 0
    limited(cast, percent=91)
    assert [told(), told()] == [1, 0]
    cast.bob_as(Role.ADMIN)
    storage_mail.mail_nearly_full(cast.alice.organization.pk)
    assert [each.to for each in mail.outbox] == [["alice@example.com"], ["bob@example.com"]]
    assert mail.outbox[0].subject == "The storage of Alice's shop is 91 % full"
    assert "0.91 MB" not in mail.outbox[0].body
    assert "stored 910 KB of images, and the plan Basic has room for 1.0 MB" in mail.outbox[0].body
    limited(cast, percent=80)
    assert told() == 0
    limited(cast, percent=95)
    assert told() == 1


def test_the_page_says_how_much(cast: Cast, photo: Asset, as_: As) -> None:
    page = as_(cast.alice).get("/credits/").content.decode()
    assert "of photos and images are stored" in page
    limited(cast, percent=100)
    watch()
    page = as_(cast.alice).get("/credits/").content.decode()
    assert "1.0 MB of 1.0 MB" in page
    assert "New photos are refused" in page
    assert Organization.objects.filter(plan__storage_megabytes=1).count() == 1
