"""A corrected cut: the new version, what is kept of it, and that what comes after uses it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.kit.errors import Conflict, InvalidInput, NotPermitted
from processing.actions import blobs, sweep
from processing.actions.assets import delete_asset, save_upload
from processing.actions.cut import preview_cut, save_cut
from processing.actions.library import delete_images
from processing.actions.mend import open_in_studio
from processing.actions.preview import Wanted, request_preview
from processing.actions.retry import run_again
from processing.actions.run_over import run_over
from processing.actions.studio import Recipe, process_strip
from processing.actions.submit import Request, submit
from processing.models import Blob, Job, JobImage, Status
from processing.operations.process import merge
from processing.queries.library import library_image
from processing.queries.studio import corrected
from processing.queries.versions import history
from tests.support.cast import Cast
from tests.support.photos import opened
from tests.support.pictures.mug import IN_HANDLE, ON_BACKDROP, ON_BODY, mug_before_a_cloth

RunAll = Callable[[], int]
OPEN = [{"keep": False, "points": [list(IN_HANDLE)]}]
PNG = {"format": "png", "background": "transparent"}


def _image(cast: Cast, run_all: RunAll, operation: str = "process", **parameters: Any) -> JobImage:
    """A finished image of the mug, its cloth taken for a part of it."""
    asset = save_upload(cast.bob, data=mug_before_a_cloth(), name="mug.png")
    job = submit(cast.bob, Request(sources=[asset], operation=operation, parameters=parameters or PNG))
    return _finished(cast, run_all, job)


def _finished(cast: Cast, run_all: RunAll, job: Job) -> JobImage:
    run_all()
    image = JobImage.objects.of(cast.bob).select_related("job", "source__blob", "output__blob", "matte").get(job=job)
    assert image.status == Status.SUCCEEDED, image.error
    return image


def _alpha(image: JobImage, at: tuple[int, int]) -> int:
    assert image.output is not None
    picture = opened(blobs.read(image.output.blob))
    value = picture.convert("RGBA").getpixel(at) if picture.mode != "L" else picture.getpixel(at)
    return int(value[3] if isinstance(value, tuple) else value or 0)


def test_the_new_version_has_the_hole_and_the_old_one_stays(cast: Cast, run_all: RunAll) -> None:
    before = _image(cast, run_all)
    assert (_alpha(before, IN_HANDLE), before.matte) == (255, None)
    after = _finished(cast, run_all, save_cut(cast.bob, before, OPEN))
    assert (_alpha(after, IN_HANDLE), _alpha(after, ON_BODY), _alpha(after, ON_BACKDROP)) == (0, 255, 0)
    assert after.matte is not None
    assert (after.job.operation, after.job.credits_charged, after.in_library) == ("segment", 0, True)
    found = history(cast.bob, library_image(cast.bob, after.pk))
    assert [version.image for version in found.versions] == [after, before]
    before.refresh_from_db()
    assert _alpha(before, IN_HANDLE) == 255


def test_a_further_correction_goes_on_from_the_corrected_cut(cast: Cast, run_all: RunAll) -> None:
    once = _finished(cast, run_all, save_cut(cast.bob, _image(cast, run_all), OPEN))
    keep = [{"keep": True, "points": [list(ON_BACKDROP)], "radius": 8}]
    twice = _finished(cast, run_all, save_cut(cast.bob, once, keep))
    assert (_alpha(twice, IN_HANDLE), _alpha(twice, ON_BACKDROP)) == (0, 255)
    assert twice.engine == "corrected"
    assert twice.matte_id != once.matte_id


def test_the_new_version_is_finished_as_the_old_one_was(cast: Cast, run_all: RunAll) -> None:
    before = _image(cast, run_all, width=300, height=300, margin=0.1, background="#ff0000", format="jpg")
    after = _finished(cast, run_all, save_cut(cast.bob, before, OPEN))
    assert after.output is not None
    assert (after.output.format, after.output.width, after.output.height) == ("jpg", 300, 300)
    carried = {**before.job.parameters, "marks": after.job.parameters["marks"], "start": "product", "clicks": "grabcut"}
    assert after.job.parameters == carried
    seen = opened(blobs.read(after.output.blob)).getpixel((0, 0))
    assert isinstance(seen, tuple)
    assert seen[0] > 240 > 20 > seen[1]


def test_the_other_steps_of_a_recipe_run_again(cast: Cast, run_all: RunAll) -> None:
    steps = [{"operation": "process", "parameters": PNG}, {"operation": "resize", "parameters": {"width": 120}}]
    before = _image(cast, run_all, "recipe", steps=steps)
    after = _finished(cast, run_all, save_cut(cast.bob, before, OPEN))
    assert [step["operation"] for step in after.job.parameters["steps"]] == ["segment", "resize"]
    assert after.output is not None
    assert after.output.width == 120
    assert _alpha(after, (IN_HANDLE[0] // 2, IN_HANDLE[1] // 2)) == 0
    again = _finished(cast, run_all, save_cut(cast.bob, after, [{"keep": False, "points": [[60, 60]], "radius": 5}]))
    assert _alpha(again, (IN_HANDLE[0] // 2, IN_HANDLE[1] // 2)) == 0
    assert _alpha(again, (30, 30)) == 0


def test_the_studio_makes_the_next_image_of_the_corrected_cut(cast: Cast, run_all: RunAll) -> None:
    after = _finished(cast, run_all, save_cut(cast.bob, _image(cast, run_all), OPEN))
    photo = open_in_studio(cast.bob, image_id=after.pk)
    assert corrected(photo) == after.matte_id
    wanted = merge({**PNG, "shadow": "contact"}, {}).model_dump(mode="json", by_alias=True, exclude_none=True)
    recipe, small = Recipe(parameters=wanted, explicit=wanted), Wanted("process", wanted)
    preview = _finished(cast, run_all, request_preview(cast.bob, small, asset=photo.asset, matte=corrected(photo)))
    assert preview.engine == "corrected"
    made = _finished(cast, run_all, process_strip(cast.bob, recipe))
    assert (made.engine, made.matte_id) == ("corrected", after.matte_id)
    plain = _finished(cast, run_all, request_preview(cast.bob, small, asset=photo.asset))
    assert plain.pk != preview.pk
    assert plain.engine == "grabcut"


def test_a_run_over_the_photos_of_the_library_uses_the_corrected_cuts(cast: Cast, run_all: RunAll) -> None:
    after = _finished(cast, run_all, save_cut(cast.bob, _image(cast, run_all), OPEN))
    for start, by in (("photo", "corrected"), ("image", "alpha")):
        job = run_over(cast.bob, image_ids=[after.pk], preset="ebay", start=start)  # type: ignore[arg-type]
        assert _finished(cast, run_all, job).engine == by


def test_a_cut_that_was_deleted_meanwhile_is_no_cut_of_the_network(cast: Cast, run_all: RunAll) -> None:
    before = _image(cast, run_all)
    assert before.source is not None
    jobs = Job.unscoped.count()
    with pytest.raises(Conflict, match="was deleted in the meantime"):
        submit(cast.bob, Request(sources=[before.source], mattes=[10**9]))
    assert Job.unscoped.count() == jobs


def test_running_again_keeps_the_corrected_cut(cast: Cast, run_all: RunAll) -> None:
    after = _finished(cast, run_all, save_cut(cast.bob, _image(cast, run_all), OPEN))
    again = _finished(cast, run_all, run_again(cast.bob, job_id=after.job_id))
    assert _alpha(again, IN_HANDLE) == 0


def test_a_preview_is_the_mask_and_costs_no_library_entry(cast: Cast, run_all: RunAll) -> None:
    before = _image(cast, run_all)
    whole = _finished(cast, run_all, preview_cut(cast.bob, before, None))
    opened_ = _finished(cast, run_all, preview_cut(cast.bob, before, OPEN))
    assert (_alpha(whole, IN_HANDLE), _alpha(opened_, IN_HANDLE), _alpha(opened_, ON_BODY)) == (255, 0, 255)
    assert not opened_.in_library
    assert opened_.matte is None
    assert preview_cut(cast.bob, before, OPEN).pk == opened_.job_id


def test_a_newer_preview_takes_the_place_of_the_one_that_waits(cast: Cast, run_all: RunAll) -> None:
    before = _image(cast, run_all)
    first, second = preview_cut(cast.bob, before, None), preview_cut(cast.bob, before, OPEN)
    first.refresh_from_db()
    assert (first.status, second.status) == (Status.CANCELED, Status.QUEUED)


@pytest.mark.parametrize("marks", [None, [], [{"keep": False, "points": [[240, 10]]}], "nonsense"])
def test_wrong_marks_are_refused_and_nothing_is_submitted(cast: Cast, run_all: RunAll, marks: object) -> None:
    before = _image(cast, run_all)
    jobs = Job.unscoped.count()
    with pytest.raises(InvalidInput):
        save_cut(cast.bob, before, marks)
    assert Job.unscoped.count() == jobs


def test_without_the_photo_or_a_cut_there_is_nothing_to_correct(cast: Cast, run_all: RunAll) -> None:
    resized = _image(cast, run_all, "resize", width=100)
    with pytest.raises(Conflict, match="Nothing was cut out"):
        save_cut(cast.bob, resized, OPEN)
    before = _image(cast, run_all)
    assert before.source is not None
    delete_asset(cast.bob, asset_id=before.source.pk)
    with pytest.raises(Conflict, match="was deleted"):
        preview_cut(cast.bob, library_image(cast.bob, before.pk), OPEN)


def test_a_viewer_may_not_correct(cast: Cast, run_all: RunAll) -> None:
    before = _image(cast, run_all)
    with pytest.raises(NotPermitted):
        preview_cut(cast.victor, before, OPEN)
    with pytest.raises(NotPermitted):
        save_cut(cast.victor, before, OPEN)


def test_the_kept_cut_goes_with_its_last_image(
    cast: Cast, run_all: RunAll, django_capture_on_commit_callbacks: Any
) -> None:
    after = _finished(cast, run_all, save_cut(cast.bob, _image(cast, run_all), OPEN))
    open_in_studio(cast.bob, image_id=after.pk)
    wanted = merge({**PNG, "shadow": "contact"}, {}).model_dump(mode="json", by_alias=True, exclude_none=True)
    made = _finished(cast, run_all, process_strip(cast.bob, Recipe(parameters=wanted, explicit=wanted)))
    matte = after.matte_id
    assert matte is not None
    with django_capture_on_commit_callbacks(execute=True):
        delete_images(cast.bob, image_ids=[after.pk])
    assert Blob.unscoped.filter(pk=matte).exists()
    with django_capture_on_commit_callbacks(execute=True):
        delete_images(cast.bob, image_ids=[made.pk])
    assert not Blob.unscoped.filter(pk=matte).exists()
    made.refresh_from_db()
    assert (made.output, made.matte) == (None, None)


def test_the_sweeper_leaves_kept_cuts_alone(cast: Cast, run_all: RunAll) -> None:
    after = _finished(cast, run_all, save_cut(cast.bob, _image(cast, run_all), OPEN))
    assert after.matte_id is not None
    Blob.unscoped.update(created_at=timezone.now() - timedelta(days=30))
    sweep.remove_orphans()
    assert Blob.unscoped.filter(pk=after.matte_id).exists()
