"""Refine the cut: the page, its previews, the new version; refusals change nothing."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.access.actor import Actor
from processing.actions import blobs
from processing.actions.assets import delete_asset, save_upload
from processing.actions.submit import Request, submit
from processing.models import Asset, Job, JobImage, Status
from tests.support.cast import Cast
from tests.support.photos import opened
from tests.support.pictures.mug import IN_HANDLE, ON_BODY, mug_before_a_cloth

As = Callable[[Actor], Client]
RunAll = Callable[[], int]
OPEN = json.dumps([{"keep": False, "points": [list(IN_HANDLE)]}])


@pytest.fixture
def image(cast: Cast, run_all: RunAll) -> JobImage:
    asset = save_upload(cast.bob, data=mug_before_a_cloth(), name="mug.png")
    job = submit(cast.bob, Request(sources=[asset], parameters={"format": "png", "background": "transparent"}))
    run_all()
    return JobImage.objects.of(cast.bob).select_related("output__blob", "source").get(job=job)


def address(image: JobImage, more: str = "") -> str:
    return f"/library/{image.pk}/cut/{more}"


def works() -> int:
    return Job.unscoped.filter(purpose=Job.Purpose.WORK).count()


def mask_of(answer: str) -> Asset:
    found = re.search(r'data-mask="/images/([0-9a-f-]{36})/"', answer)
    assert found is not None, answer
    return Asset.unscoped.select_related("blob").get(pk=uuid.UUID(found[1]))


def value(asset: Asset, at: tuple[int, int]) -> object:
    return opened(blobs.read(asset.blob)).getpixel(at)


def preview(client: Client, image: JobImage, marks: str, run_all: RunAll) -> str:
    """What the second look says, after a worker has been there."""
    first = client.post(address(image, "preview/"), {"marks": marks}).content.decode()
    run_all()
    following = re.search(r'hx-get="([^"]+)"', first)
    return client.get(following[1]).content.decode() if following else first


def test_the_page_shows_the_photo_large_and_is_linked(cast: Cast, as_: As, image: JobImage) -> None:
    client = as_(cast.bob)
    page = client.get(address(image)).content.decode()
    assert f'data-photo="/images/{image.source_id}/1280.webp"' in page
    assert 'data-width="240" data-height="200"' in page
    assert "Segment Anything" not in page, "its model is not installed"
    for linked in (f"/library/{image.pk}/", f"/jobs/{image.job_id}/", f"/review/?image={image.pk}"):
        assert f'href="{address(image)}"' in client.get(linked).content.decode(), linked


def test_a_preview_names_the_mask_and_all_marks_count(cast: Cast, as_: As, image: JobImage, run_all: RunAll) -> None:
    client = as_(cast.bob)
    before = mask_of(preview(client, image, "[]", run_all))
    after = mask_of(preview(client, image, OPEN, run_all))
    assert (value(before, IN_HANDLE), value(before, ON_BODY)) == (255, 255)
    assert (value(after, IN_HANDLE), value(after, ON_BODY)) == (0, 255)
    assert works() == 1
    assert client.get(f"/images/{after.pk}/").status_code == 200


def test_a_preview_that_waits_tells_so(cast: Cast, as_: As, image: JobImage) -> None:
    page = as_(cast.bob).post(address(image, "preview/"), {"marks": OPEN}).content.decode()
    assert "no worker is running" in page
    assert 'hx-trigger="load"' in page


def test_saving_makes_a_version_beside_the_image(cast: Cast, as_: As, image: JobImage, run_all: RunAll) -> None:
    client = as_(cast.bob)
    answer = client.post(address(image), {"marks": OPEN})
    made = JobImage.objects.of(cast.bob).select_related("output__blob", "job").get(job__operation="segment")
    assert answer["Location"] == f"/jobs/{made.job_id}/"
    run_all()
    made.refresh_from_db()
    assert made.output is not None
    assert (made.status, value(made.output, IN_HANDLE)) == (Status.SUCCEEDED, (255, 255, 255, 0))
    assert f"/library/{made.pk}/" in client.get(f"/library/{image.pk}/").content.decode()
    facts = client.get(f"/library/{made.pk}/").content.decode()
    assert "1 click" in facts
    assert "&quot;points&quot;" not in facts


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Nothing is marked yet"),
        ({"marks": "[]"}, "Nothing is marked yet"),
        ({"marks": "{"}, "marks must be a JSON list"),
        ({"marks": '[{"keep": true, "points": [[240, 3]]}]'}, "Mark 1 lies outside of the photo"),
        ({"typed": "remove 10"}, "is no click"),
        ({"typed": "remove ten 20"}, "must be numbers"),
        ({"typed": "keep nan 20"}, "points must be"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    cast: Cast, as_: As, image: JobImage, sent: dict[str, str], sentence: str
) -> None:
    answer = as_(cast.bob).post(address(image), sent)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert sentence in page
    for typed in sent.values():
        assert typed.replace('"', "&quot;") in page
    assert works() == 1


def test_without_scripts_clicks_are_typed(cast: Cast, as_: As, image: JobImage, run_all: RunAll) -> None:
    x, y = IN_HANDLE
    answer = as_(cast.bob).post(address(image), {"marks": "", "typed": f"remove {x}, {y}\n\n"})
    assert answer.status_code == 302
    run_all()
    made = JobImage.objects.of(cast.bob).select_related("output__blob").get(job__operation="segment")
    assert made.output is not None
    assert value(made.output, IN_HANDLE) == (255, 255, 255, 0)


def test_a_refused_preview_says_why(cast: Cast, as_: As, image: JobImage) -> None:
    answer = as_(cast.bob).post(address(image, "preview/"), {"marks": '[{"keep": true, "points": [[-1, 3]]}]'})
    assert "Mark 1 lies outside of the photo" in answer.content.decode()
    assert not Job.unscoped.filter(purpose=Job.Purpose.PREVIEW).exists()


def test_where_nothing_can_be_cut_the_page_says_so(cast: Cast, as_: As, image: JobImage, run_all: RunAll) -> None:
    client = as_(cast.bob)
    assert image.source is not None
    job = submit(cast.bob, Request(sources=[image.source], operation="resize", parameters={"width": 100}))
    run_all()
    resized = JobImage.objects.of(cast.bob).get(job=job)
    assert "Nothing was cut out for this image" in client.get(address(resized)).content.decode()
    assert address(resized) not in client.get(f"/library/{resized.pk}/").content.decode()
    assert client.post(address(resized), {"marks": OPEN}).status_code == 409
    delete_asset(cast.bob, asset_id=image.source.pk)
    assert "The original photo was deleted" in client.get(address(image)).content.decode()
    assert client.post(address(image), {"marks": OPEN}).status_code == 409
    assert works() == 2


def test_strangers_see_nothing_and_viewers_may_not(cast: Cast, as_: As, image: JobImage) -> None:
    for more in ("", "preview/"):
        assert as_(cast.charlie).post(address(image, more), {"marks": OPEN}).status_code == 404
        assert as_(cast.victor).post(address(image, more), {"marks": OPEN}).status_code == 403
    assert address(image) not in as_(cast.victor).get(f"/library/{image.pk}/").content.decode()
    assert Job.unscoped.count() == 1


def test_a_preview_is_its_makers_own(cast: Cast, as_: As, image: JobImage, run_all: RunAll) -> None:
    as_(cast.bob).post(address(image, "preview/"), {"marks": OPEN})
    made = Job.unscoped.get(purpose=Job.Purpose.PREVIEW)
    assert as_(cast.alice).get(address(image, f"preview/{made.pk}/")).status_code == 404
