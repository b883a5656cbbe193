from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.access.actor import Actor
from accounts.queries.credits import balance
from processing.models import Job, JobImage, Status
from processing.operations.preview import Previewed
from processing.operations.registry import OPERATIONS
from tests.support.cast import Cast
from tests.support.edit_page import NAMES, NEEDED, address, filled
from tests.support.finished import Photo, job_of
from tests.support.photos import opened

As = Callable[[Actor], Client]
PREVIEWED = [name for name in NAMES if isinstance(OPERATIONS[name], Previewed)]


@pytest.fixture
def image(cast: Cast) -> JobImage:
    return job_of(cast.bob, Photo("cup.jpg", size=(1500, 1000))).images.get()


def previews() -> list[Job]:
    return list(Job.unscoped.filter(purpose=Job.Purpose.PREVIEW).order_by("pk"))


@pytest.mark.parametrize("name", PREVIEWED)
def test_a_preview_is_small_and_free(
    name: str, cast: Cast, as_: As, image: JobImage, run_all: Callable[[], int]
) -> None:
    client = as_(cast.bob)
    sent = filled(client, address(image, name), **NEEDED.get(name, {}))
    client.post(address(image, name, "preview/"), sent)
    run_all()
    answer = client.post(address(image, name, "preview/"), sent).content.decode()
    source = re.search(r'data-src="([^"]+)"', answer)
    assert source is not None, answer
    assert max(opened(client.get(source[1]).content).size) <= 1280
    assert balance(cast.bob) == 99
    assert len(previews()) == 1, "the same choice again needs no second one"


def test_only_the_newest_is_worked_on(cast: Cast, as_: As, image: JobImage, run_all: Callable[[], int]) -> None:
    client = as_(cast.bob)
    for direction in ("10", "20", "30"):
        sent = filled(client, address(image, "relight_shadow"), direction=direction)
        answer = client.post(address(image, "relight_shadow", "preview/"), sent)
    assert [job.status for job in previews()] == [Status.CANCELED, Status.CANCELED, Status.QUEUED]
    run_all()
    waiting = re.search(r'hx-get="([^"]+)"', answer.content.decode())
    assert waiting is not None
    assert 'data-kind="preview"' in client.get(waiting[1]).content.decode()
    for other, status in ((cast.alice, 404), (cast.charlie, 404)):
        assert as_(other).get(waiting[1]).status_code == status


def test_the_next_preview_begins_with_the_cut_of_the_one_before(
    cast: Cast, as_: As, image: JobImage, run_all: Callable[[], int]
) -> None:
    client = as_(cast.bob)
    for name, changes in (("relight_shadow", {}), ("relight_shadow", {"lighting": "0.9"}), ("process", {})):
        client.post(address(image, name, "preview/"), filled(client, address(image, name), **changes))
        run_all()
    steps = [[step["name"] for step in job.images.get().steps] for job in previews()]
    assert steps == [["decode", "segment", "refine", "compose", "encode"], *2 * [["compose", "encode"]]]
    page = address(image, "relight_shadow")
    client.post(page, filled(client, page))
    run_all()
    whole = Job.unscoped.order_by("-pk")[0].images.get()
    assert whole.steps[0]["name"] == "decode"


def test_what_is_wrong_is_said_beside_its_field_and_makes_nothing(cast: Cast, as_: As, image: JobImage) -> None:
    client = as_(cast.bob)
    sent = filled(client, address(image, "relight_shadow"), softness="2", width="9000", height="9000")
    answer = client.post(address(image, "relight_shadow", "preview/"), sent).content.decode()
    assert 'id="id_softness_error" data-error-of="softness" hx-swap-oob="true"><p' in answer
    assert "Softness must be a number from 0" in answer
    assert "81.00 megapixels" in answer
    assert previews() == []


def test_what_has_no_preview(cast: Cast, as_: As, image: JobImage) -> None:
    client = as_(cast.bob)
    assert client.post(address(image, "upscale", "preview/"), {"scale": "2"}).status_code == 404
    assert "preview/" not in client.get(address(image, "upscale")).content.decode()
