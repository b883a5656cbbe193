"""The edit page: the form of every operation, what it refuses, what it submits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.access.actor import Actor
from accounts.models import Organization
from accounts.queries.credits import balance
from dashboard.edit_operations import edit_operations
from dashboard.parameter_control import control_of
from dashboard.parameter_form import fits_a_form
from processing.actions.compliance_profiles import clone_profile
from processing.models import Asset, Job, JobImage
from processing.operations.registry import OPERATIONS
from tests.support.cast import Cast
from tests.support.edit_page import NAMES, NEEDED, address, filled
from tests.support.finished import Photo, job_of
from tests.support.photos import opened, product_photo

As = Callable[[Actor], Client]
WITHOUT_A_FORM = {"recipe", "segment"}


@pytest.fixture
def image(cast: Cast) -> JobImage:
    job = job_of(cast.bob, Photo("cup.jpg", size=(160, 120)), label="Autumn")
    return job.images.select_related("output", "source").get()


def last_job() -> Job:
    return Job.unscoped.order_by("-pk")[0]


def test_every_operation_has_a_form_or_a_page_of_its_own() -> None:
    assert {name for name, each in OPERATIONS.items() if not fits_a_form(each.Parameters)} <= WITHOUT_A_FORM
    for operation in edit_operations():
        assert operation.verb


def test_the_choice_of_operations(cast: Cast, as_: As, image: JobImage) -> None:
    page = as_(cast.bob).get(address(image)).content.decode()
    for operation in edit_operations():
        assert f'href="{address(image, operation.name)}"' in page
        assert f">{operation.verb}<" in page
    library = as_(cast.bob).get(f"/library/{image.pk}/").content.decode()
    assert f'href="{address(image, "upscale")}"' in library
    assert f'href="{address(image)}"' in as_(cast.bob).get(f"/jobs/{image.job_id}/").content.decode()


@pytest.mark.parametrize("name", NAMES)
def test_the_form_of_an_operation(name: str, cast: Cast, as_: As, image: JobImage) -> None:
    page = as_(cast.bob).get(address(image, name))
    html = page.content.decode()
    operation = OPERATIONS[name]
    for field, info in operation.Parameters.model_fields.items():
        control = control_of(info)
        if control is None or control.of_batch or control.image == "with":
            continue
        assert f'name="{info.alias or field}"' in html
        assert info.title
        assert f"<strong>{info.title}</strong>" in html or control.kind == "switch"
    assert f"{operation.verb}: {operation.cost} credit" in html
    assert "style=" not in html


@pytest.mark.parametrize("name", NAMES)
def test_what_is_wrong_is_said_at_the_field_and_nothing_typed_is_lost(
    name: str, cast: Cast, as_: As, image: JobImage
) -> None:
    client = as_(cast.bob)
    sent = filled(client, address(image, name), **NEEDED.get(name, {}), jpegQuality="much")
    answer = client.post(address(image, name), sent)
    assert answer.status_code == 400
    form = answer.context["edit"].form
    assert form.errors["jpegQuality"] == ["Quality must be a whole number from 1 to 100."]
    for field, value in sent.items():
        if field in form.fields:
            assert str(form[field].value()) in (value, "True")
    assert "Nothing was made yet." in answer.content.decode()
    assert Job.unscoped.count() == 1
    assert balance(cast.bob) == 99


@pytest.mark.parametrize("name", NAMES)
def test_the_usual_values_are_submitted_and_become_a_new_version(
    name: str, cast: Cast, as_: As, image: JobImage, run_all: Callable[[], int]
) -> None:
    client = as_(cast.bob)
    answer = client.post(address(image, name), filled(client, address(image, name), **NEEDED.get(name, {})))
    assert answer.status_code == 302, answer.context["edit"].form.errors
    job = last_job()
    assert answer["Location"] == f"{address(image, name)}?job={job.pk}"
    assert (job.operation, job.preset_label, job.created_by) == (name, "Autumn", cast.bob.user)
    waits = client.get(answer["Location"])
    assert "It waits: no worker is running." in waits.content.decode()
    run_all()
    made = job.images.get()
    done = client.get(answer["Location"]).content.decode()
    assert made.source == image.output
    assert made.error is None
    assert f'href="/library/{made.pk}/"' in done
    assert "data-compare" in done
    assert balance(cast.bob) == 99 - OPERATIONS[name].cost


def test_the_page_of_a_job_shows_what_it_was_made_with(cast: Cast, as_: As, image: JobImage) -> None:
    client = as_(cast.bob)
    page = address(image, "relight_shadow")
    answer = client.post(page, filled(client, page, direction="90", margin="12.5", warmth="0,5"))
    assert "Warmth must be a number" in answer.content.decode()
    answer = client.post(page, filled(client, page, direction="90", margin="12.5", warmth="0.5"))
    assert last_job().parameters["margin"] == 0.125
    form = client.get(answer["Location"]).context["edit"].form
    assert [form[name].value() for name in ("direction", "margin", "warmth")] == ["90", "12.5", "0.5"]
    other = client.get(address(image, "upscale") + f"?job={last_job().pk}")
    assert other.context["made"] is None


def test_per_cent_is_asked_for_and_told_in_errors(cast: Cast, as_: As, image: JobImage) -> None:
    client = as_(cast.bob)
    page = address(image, "crop_to_subject")
    answer = client.post(page, filled(client, page, margin="80"))
    assert answer.context["edit"].form.errors["margin"] == ["Margin must be a number from 0 to 49 %."]


def test_the_original_photo_can_be_edited_instead(cast: Cast, as_: As, image: JobImage) -> None:
    client = as_(cast.bob)
    page = address(image, "upscale")
    assert '<input type="hidden" name="of" value="photo">' in client.get(page + "?of=photo").content.decode()
    answer = client.post(page, filled(client, page, of="photo"))
    assert answer["Location"].endswith("&of=photo")
    assert last_job().images.get().source == image.source
    assert image.source is not None
    image.source.delete()
    refused = client.post(page, filled(client, page, of="photo"))
    assert refused.status_code == 409
    assert "The original photo was deleted." in refused.content.decode()


def test_a_failure_is_told_in_words(cast: Cast, as_: As, run_all: Callable[[], int]) -> None:
    job = job_of(cast.bob, Photo("cup.jpg", size=(60, 60)))
    image = job.images.get()
    client = as_(cast.bob)
    page = address(image, "upscale")
    answer = client.post(page, filled(client, page, model="super-resolution-x4"))
    run_all()
    html = client.get(answer["Location"]).content.decode()
    assert "Nothing was charged." in html
    assert 'role="alert"' in html
    assert balance(cast.bob) == 99


def test_too_few_credits(cast: Cast, as_: As, image: JobImage) -> None:
    Organization.objects.filter(pk=cast.bob.organization.pk).update(credit_balance=1)
    client = as_(cast.bob)
    page = address(image, "upscale")
    sent = filled(client, page)
    html = client.get(page).content.decode()
    assert "This costs 2 credits and 1 is left." in html
    assert 'aria-disabled="true"' in html
    answer = client.post(page, sent)
    assert answer.status_code == 402
    assert "This costs 2 credits and 1 is left." in answer.content.decode()
    assert Job.unscoped.count() == 1


def test_viewers_look_and_strangers_find_nothing(cast: Cast, as_: As, image: JobImage) -> None:
    page = address(image, "upscale")
    sent = filled(as_(cast.bob), page)
    viewer = as_(cast.victor)
    assert "Your role, viewer, may look but not edit." in viewer.get(page).content.decode()
    assert viewer.post(page, sent).status_code == 403
    assert viewer.post(address(image, "crop_to_subject", "preview/"), sent).status_code == 403
    assert viewer.post(address(image, "process", "background/")).status_code == 403
    assert "/edit/" not in viewer.get(f"/library/{image.pk}/").content.decode()
    stranger = as_(cast.charlie)
    for part in ("", "upscale/"):
        assert stranger.get(address(image) + part).status_code == 404
    assert stranger.post(page, sent).status_code == 404
    assert as_(cast.bob).get(address(image, "no-such-thing")).status_code == 404
    assert as_(cast.bob).get(address(image, "recipe")).status_code == 404
    assert Job.unscoped.count() == 1


def test_profiles_that_forbid_upscaling_are_named(cast: Cast, as_: As, image: JobImage) -> None:
    clone_profile(cast.alice, title="Our Google shop", marketplace="google", slot="main")
    html = as_(cast.bob).get(address(image, "upscale")).content.decode()
    for title in ("Google Merchant Center", "Our Google shop"):
        assert title in html
    assert "forbid upscaling" not in as_(cast.bob).get(address(image, "resize")).content.decode()


def test_styles_are_pictures_and_prompts_say_what_they_do(cast: Cast, as_: As, image: JobImage, settings: Any) -> None:
    html = as_(cast.bob).get(address(image, "generate_background")).content.decode()
    for picture in Path("static/img/backdrops").glob("*.webp"):
        assert f'src="/static/img/backdrops/{picture.name}"' in html
    assert "Studio sweep" in html
    assert "the words of a prompt choose among the styles" in html
    settings.IMAGES_ENDPOINT_URL = "https://images.example/v1/images/generations"
    assert "No text-to-image engine" not in as_(cast.bob).get(address(image, "generate_background")).content.decode()


def test_an_image_of_ones_own_takes_the_place_of_style_and_prompt(
    cast: Cast, as_: As, image: JobImage, run_all: Callable[[], int]
) -> None:
    client = as_(cast.bob)
    page = address(image, "generate_background")
    own = SimpleUploadedFile("table.jpg", product_photo(7, size=(300, 200)))
    wrong: dict[str, Any] = filled(client, page, width="wide", prompt="marble") | {"backgroundImage": own}
    answer = client.post(page, wrong)
    assert answer.status_code == 400
    assert set(answer.context["edit"].form.errors) == {"width"}
    kept = answer.context["edit"].background
    assert f'name="background" value="{kept.pk}"' in answer.content.decode()
    answer = client.post(page, filled(client, page, background=str(kept.pk), blur="2", width="150", height="100"))
    assert answer.status_code == 302
    job = last_job()
    assert job.background == kept
    assert job.parameters["blur"] == 0.02
    assert "style" not in job.parameters
    run_all()
    made = job.images.get()
    assert made.output is not None
    assert (made.output.width, made.output.height) == (150, 100)


def test_the_image_behind_is_kept_as_soon_as_it_is_chosen(cast: Cast, as_: As, image: JobImage) -> None:
    client = as_(cast.bob)
    page = address(image, "process", "background/")
    part = client.post(page, {"backgroundImage": SimpleUploadedFile("table.jpg", product_photo(7))})
    kept = Asset.objects.of(cast.bob).get(name="table.jpg")
    assert f'value="{kept.pk}"' in part.content.decode()
    assert part["HX-Trigger-After-Settle"] == "edit:refresh"
    refused = client.post(page, {"backgroundImage": SimpleUploadedFile("x.jpg", b"no image"), "background": kept.pk})
    assert 'role="alert"' in refused.content.decode()
    assert f'value="{kept.pk}"' in refused.content.decode()
    gone = client.post(page, {"no_background": "1", "background": str(kept.pk)})
    assert 'name="background" value=""' in gone.content.decode()
    assert as_(cast.charlie).post(page, {"background": str(kept.pk)}).status_code == 404
    only = client.post(address(image, "process"), {"only_image": "1", "background": str(kept.pk)})
    assert only.context["edit"].background == kept
    assert Job.unscoped.count() == 1


def test_the_new_version_is_as_large_as_asked_for(
    cast: Cast, as_: As, image: JobImage, run_all: Callable[[], int]
) -> None:
    client = as_(cast.bob)
    page = address(image, "upscale")
    client.post(page, filled(client, page, scale="3", format="png"))
    run_all()
    output = last_job().images.get().output
    assert output is not None
    assert opened(client.get(f"/images/{output.pk}/").content).size == (480, 360)
