"""A recipe or a preset over many images of the library: what it would do, what it costs, and the one job it becomes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.access.actor import Actor
from accounts.models import Organization
from processing.actions.library import delete_images
from processing.actions.presets import save_preset
from processing.models import Job, JobImage
from tests.support.cast import Cast
from tests.support.finished import Photo, job_of

As = Callable[[Actor], Client]
RUN = "/library/run/"
STEPS = [
    {"operation": "resize", "parameters": {"width": 40}},
    {"operation": "watermark", "parameters": {"text": "NW", "format": "png"}},
]


@pytest.fixture
def images(cast: Cast) -> list[JobImage]:
    save_preset(cast.alice, title="For the shop", operation="recipe", parameters={"steps": STEPS})
    job = job_of(cast.alice, Photo("cup.jpg"), Photo("vase.jpg", 1), Photo("jug.jpg", 2), label="Autumn")
    return list(job.images.select_related("output", "source").order_by("index"))


@pytest.fixture
def client(as_: As, cast: Cast) -> Client:
    return as_(cast.bob)


def sent(images: list[JobImage], **more: str) -> dict[str, Any]:
    return {"image": [str(image.pk) for image in images], "preset": "for-the-shop", **more}


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def balance(cast: Cast) -> int:
    return Organization.objects.get(pk=cast.alice.organization.pk).credit_balance


def new_jobs() -> list[Job]:
    return list(Job.unscoped.filter(operation="recipe"))


def test_it_asks_first_and_says_what_it_costs(cast: Cast, client: Client, images: list[JobImage]) -> None:
    answer = client.post(RUN, {"image": [str(image.pk) for image in images], "back": "label=Autumn"})
    page = words(answer)
    assert answer.status_code == 200
    assert "Resize a picture" in page, "the first recipe is chosen"
    assert "<dt>Together</dt><dd><strong>6 credits</strong>" in page
    assert "<dt>You have</dt><dd>97</dd>" in page
    assert 'name="go" value="3-6"' in page
    assert 'href="/library/?label=Autumn"' in page
    part = client.post(RUN, sent(images, preset="ebay"), headers={"HX-Request": "true"})
    assert "Run over 3 images: 3 credits" in words(part)
    assert "<html" not in words(part)
    assert not new_jobs()


def test_one_job_over_all_with_who_and_label(
    cast: Cast, client: Client, images: list[JobImage], run_all: Callable[[], int]
) -> None:
    answer = client.post(RUN, sent(images, go="3-6"))
    (job,) = new_jobs()
    assert answer["Location"] == f"/jobs/{job.pk}/"
    assert (job.preset, job.preset_label, job.image_count) == ("for-the-shop", "Autumn", 3)
    assert cast.bob.user is not None
    assert job.created_by_id == cast.bob.user.pk
    made = list(job.images.order_by("index"))
    assert [each.name for each in made] == ["cup.jpg", "vase.jpg", "jug.jpg"]
    assert [each.source_id for each in made] == [image.output_id for image in images]
    run_all()
    outputs = [each.output for each in job.images.select_related("output").order_by("index")]
    assert [(output.width, output.format) for output in outputs if output] == [(40, "png")] * 3
    assert balance(cast) == 91
    page = words(client.get(f"/jobs/{job.pk}/"))
    assert "Step 1" in page
    assert "Write on a picture: Text NW" in page


def test_the_original_photos_instead(client: Client, images: list[JobImage]) -> None:
    client.post(RUN, sent(images, start="photo", preset="ebay", go="3-3"))
    job = Job.unscoped.get(operation="process", preset="ebay")
    assert {each.source_id for each in job.images.all()} == {image.source_id for image in images}


def test_what_is_left_out_says_why(cast: Cast, client: Client, images: list[JobImage]) -> None:
    cup, vase, jug = images
    twin = job_of(cast.alice, Photo("twin.jpg")).images.get()
    delete_images(cast.alice, image_ids=[jug.pk])
    client.post(RUN, sent([vase], start="photo", go="1-2"))
    answer = client.post(RUN, sent([cup, vase, jug, twin], start="photo"))
    page = words(answer)
    assert "3 left out" in page
    assert "It is not in the library any more." in page
    assert '<strong>vase.jpg</strong> <span class="muted">This is running over it already.' in page
    assert "It was made of the same photo as another one." in page
    assert 'value="1-2"' in page
    assert "<strong>vase.jpg" not in words(client.post(RUN, sent([cup, vase], start="photo", preset="ebay")))


def test_an_image_that_it_does_not_suit_is_left_out(cast: Cast, client: Client, images: list[JobImage]) -> None:
    steps = [{"operation": "upscale", "parameters": {"width": 50}}]
    save_preset(cast.alice, title="Larger", operation="recipe", parameters={"steps": steps})
    page = words(client.post(RUN, sent(images, preset="larger")))
    assert "3 left out" in page
    assert "Step 1, upscale:" in page
    assert "Every chosen image is left out." in page
    refused = client.post(RUN, sent(images, preset="larger", go="0-0"))
    assert refused.status_code == 409
    assert not new_jobs()


def test_a_second_click_and_a_changed_recipe_charge_nothing(cast: Cast, client: Client, images: list[JobImage]) -> None:
    client.post(RUN, sent(images, go="3-6"))
    again = client.post(RUN, sent(images, go="3-6"))
    assert again.status_code == 409
    assert "every chosen image is left out" in words(again)
    steps = [*STEPS, {"operation": "upscale", "parameters": {"scale": 2}}]
    save_preset(cast.alice, title="Dear", operation="recipe", parameters={"steps": steps})
    for told in ("3-6", "2-12", "", "x-y"):
        dear = client.post(RUN, sent(images, preset="dear", go=told))
        assert dear.status_code == 409
        assert 'value="3-12"' in words(dear)
    assert len(new_jobs()) == 1
    assert balance(cast) == 91


def test_not_enough_credits(cast: Cast, client: Client, images: list[JobImage]) -> None:
    Organization.objects.filter(pk=cast.alice.organization.pk).update(credit_balance=5)
    asked = client.post(RUN, sent(images))
    assert "This costs 6 credits and 5 are left." in words(asked)
    assert "disabled" in words(asked)
    refused = client.post(RUN, sent(images, go="3-6"))
    assert refused.status_code == 402
    assert not new_jobs()
    assert balance(cast) == 5


def test_an_unknown_preset_keeps_the_choice(client: Client, images: list[JobImage]) -> None:
    for preset in ("nothing", "a\0b", "x" * 500):
        for go in ({}, {"go": "3-6"}):
            answer = client.post(RUN, sent(images, preset=preset, **go))
            assert answer.status_code == 400
            assert str(images[0].pk) in words(answer)
    assert not new_jobs()


@pytest.mark.parametrize("chosen", [[], ["nonsense"], ["019a0000-0000-7000-8000-000000000000"] * 501])
def test_nothing_or_nonsense_or_too_much_chosen(client: Client, images: list[JobImage], chosen: list[str]) -> None:
    assert client.post(RUN, {"image": chosen}).status_code == 400


def test_strangers_and_viewers_run_nothing(cast: Cast, as_: As, images: list[JobImage]) -> None:
    assert as_(cast.charlie).post(RUN, sent(images, go="3-6")).status_code == 404
    assert as_(cast.victor).post(RUN, sent(images, go="3-6")).status_code == 403
    assert "Run a recipe…" not in words(as_(cast.victor).get("/library/"))
    theirs = job_of(cast.charlie, Photo("theirs.jpg")).images.get()
    other = as_(cast.charlie).post(RUN, sent([theirs], go="1-2"))
    assert other.status_code == 400, "another organization's recipe is not there"
    assert "For the shop" not in words(other)
    mixed = as_(cast.bob).post(RUN, sent([images[0], theirs]))
    assert "theirs.jpg" not in words(mixed)
    assert 'value="1-2"' in words(mixed)
    assert not new_jobs()
    assert balance(cast) == 97
