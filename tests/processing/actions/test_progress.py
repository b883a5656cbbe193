"""What a watcher sees of the work on one photo: it goes on, and never back."""

from __future__ import annotations

import pytest

from processing.actions.assets import save_upload
from processing.actions.claim import claim_next
from processing.actions.run_image import ImageContext
from processing.actions.submit import Request, submit
from processing.models import STEPS, Job, JobImage
from processing.queries.job_list import job_rows
from processing.queries.jobs import own_job, progress
from tests.support.cast import Cast
from tests.support.photos import product_photo

RESIZE = ("decode", "compose", "encode")


def seen_during(cast: Cast, request: Request, *names: str) -> list[int]:
    """The job's progress at the beginning and the end of each step; the list of jobs says the same."""
    submit(cast.alice, request)
    claim = claim_next("test")
    assert claim is not None
    image = JobImage.unscoped.select_related("job", "source__blob").get(pk=claim.image_id)
    context, seen = ImageContext(claim, image), []

    def look() -> None:
        seen.append(progress(own_job(cast.alice, image.job_id)))
        (row,) = job_rows(cast.alice, [Job.unscoped.get(pk=image.job_id)])
        assert row.progress == seen[-1]

    look()
    for name in names:
        with context.step(name):
            look()
        look()
    return seen


@pytest.mark.django_db
def test_a_recipes_second_operation_is_further_than_its_first(cast: Cast) -> None:
    steps = [{"operation": "remove_background"}, {"operation": "resize", "parameters": {"width": 20}}]
    asset = save_upload(cast.alice, data=product_photo(0), name="cup.jpg")
    request = Request(sources=[asset], operation="recipe", parameters={"steps": steps})
    seen = seen_during(cast, request, *STEPS, *RESIZE)
    assert seen == sorted(seen)
    assert (seen[0], seen[2 * len(STEPS)], seen[-1]) == (0, 30, 80)


@pytest.mark.django_db
def test_one_operation_counts_its_steps(cast: Cast) -> None:
    asset = save_upload(cast.alice, data=product_photo(0), name="cup.jpg")
    seen = seen_during(cast, Request(sources=[asset]), *STEPS)
    # Decoding and encoding are over before anybody looks: they are kept with the step that follows, and with the end.
    assert seen == [0, 0, 0, 20, 20, 40, 40, 60, 60, 60, 60]
