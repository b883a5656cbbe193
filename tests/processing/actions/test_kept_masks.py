"""The mask of a photo is kept: a second operation on it asks no engine, within bounds, until the photo goes."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.access.actor import Actor
from processing.actions.assets import discard, save_upload
from processing.actions.remove_organization import remove_organization
from processing.actions.submit import Request, submit
from processing.actions.sweep import sweep
from processing.models import Asset, Job, KeptMask
from tests.support.cast import Cast
from tests.support.photos import product_photo

RunAll = Callable[[], int]
_VARIANTS = {"variants": [{"edges": "fast"}, {"edges": "fine"}]}


def photo_of(actor: Actor, seed: int = 0) -> Asset:
    return save_upload(actor, data=product_photo(seed), name="photo.jpg")


def segmented(job: Job) -> list[str]:
    """Where each mask of the job's only photo came from; empty for one that was made."""
    return [step.get("mask", "") for step in job.images.get().steps if step["name"] == "segment"]


def files(actor: Actor) -> list[Path]:
    return list(Path(default_storage.path(str(actor.organization.pk))).rglob("*.mask.png"))


def test_a_second_operation_asks_no_engine(cast: Cast, run_all: RunAll, as_: Callable[[Actor], Client]) -> None:
    photo = photo_of(cast.alice)
    first = submit(cast.alice, Request(sources=[photo], parameters={"shadow": "drop"}))
    run_all()
    second = submit(cast.alice, Request(sources=[photo], operation="remove_background"))
    again = submit(cast.alice, Request(sources=[photo], parameters={"shadow": "drop"}))
    run_all()
    assert (segmented(first), segmented(second), segmented(again)) == ([""], ["kept"], ["kept"])
    outputs = [job.images.select_related("output__blob").get().output for job in (first, again)]
    assert len({output.blob for output in outputs if output}) == 1, "the same bytes with the kept mask"
    assert KeptMask.unscoped.count() == len(files(cast.alice)) == 1
    page = as_(cast.alice).get(f"/jobs/{second.pk}/").content.decode()
    assert "mask kept from before" in page
    assert "mask kept from before" not in as_(cast.alice).get(f"/jobs/{first.pk}/").content.decode()


def test_the_same_photo_of_another_organization_is_another_photo(cast: Cast, run_all: RunAll) -> None:
    jobs = [submit(actor, Request(sources=[photo_of(actor)])) for actor in (cast.alice, cast.charlie)]
    run_all()
    assert [segmented(job) for job in jobs] == [[""], [""]]


def test_several_outputs_of_a_photo_take_one_mask_also_where_none_is_kept(
    cast: Cast, run_all: RunAll, settings: Settings
) -> None:
    settings.SEGMENTATION_CACHE_BYTES = 0
    photo = photo_of(cast.alice)
    paths = ["one.png", "two.png"]
    both = submit(
        cast.alice,
        Request(sources=[photo], operation="cut_variants", parameters=_VARIANTS, output_paths=paths),
    )
    run_all()
    later = submit(cast.alice, Request(sources=[photo]))
    run_all()
    assert segmented(both) == ["", "of this job"]
    assert segmented(later) == [""]
    assert not KeptMask.unscoped.exists()
    assert not files(cast.alice)


def test_beyond_the_room_the_ones_nobody_used_go_first(cast: Cast, run_all: RunAll, settings: Settings) -> None:
    photos = [photo_of(cast.alice, seed) for seed in range(3)]
    submit(cast.alice, Request(sources=photos))
    run_all()
    masks = {row.blob_id: row for row in KeptMask.unscoped.all()}
    for days, photo in enumerate(photos):
        KeptMask.unscoped.filter(blob=photo.blob).update(used_at=timezone.now() - timedelta(days=days + 1))
    again = submit(cast.alice, Request(sources=[photos[2]], operation="remove_background"))
    run_all()
    assert segmented(again) == ["kept"]
    settings.SEGMENTATION_CACHE_BYTES = sum(row.bytes for row in masks.values()) - 1
    sweep()
    left = set(KeptMask.unscoped.values_list("blob_id", flat=True))
    assert left == {photos[0].blob_id, photos[2].blob_id}, "the last one was used just now"
    assert len(files(cast.alice)) == 2
    sweep()
    assert KeptMask.unscoped.count() == 2


def test_a_mask_whose_file_is_gone_is_made_anew(cast: Cast, run_all: RunAll) -> None:
    photo = photo_of(cast.alice)
    submit(cast.alice, Request(sources=[photo]))
    run_all()
    files(cast.alice)[0].unlink()
    again = submit(cast.alice, Request(sources=[photo]))
    run_all()
    assert segmented(again) == [""]
    assert KeptMask.unscoped.count() == len(files(cast.alice)) == 1


def test_masks_go_with_their_photo_and_their_organization(
    cast: Cast, run_all: RunAll, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    photo, other = photo_of(cast.alice), photo_of(cast.charlie)
    for actor, source in ((cast.alice, photo), (cast.charlie, other)):
        submit(actor, Request(sources=[source]))
    run_all()
    assert (len(files(cast.alice)), len(files(cast.charlie))) == (1, 1)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        discard(photo)
    assert KeptMask.unscoped.get().blob_id == other.blob_id
    assert (len(files(cast.alice)), len(files(cast.charlie))) == (0, 1)
    remove_organization(cast.charlie.organization.pk, steps=200)
    assert not KeptMask.unscoped.exists()
    assert not files(cast.charlie)


def test_the_command_shows_and_clears_them(cast: Cast, run_all: RunAll) -> None:
    submit(cast.alice, Request(sources=[photo_of(cast.alice)]))
    run_all()
    said = io.StringIO()
    call_command("segmentation_cache", "show", stdout=said)
    call_command("segmentation_cache", "clear", stdout=said)
    call_command("segmentation_cache", "show", stdout=said)
    assert said.getvalue().startswith("1 masks, 0.0 MB of 2,000 MB.")
    assert "Taken away: 1 masks." in said.getvalue()
    assert "0 masks, 0.0 MB" in said.getvalue()
    assert not files(cast.alice)
