from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from processing.actions.studio import add_photo
from processing.models import Asset, Job
from tests.support.cast import Cast
from tests.support.photos import product_photo
from tests.support.studio import HTMX, As, change, error_of, form, process, put


def test_choices_outlive_a_reload(cast: Cast, as_: As) -> None:
    client = as_(cast.bob)
    change(client, preset="etsy")
    change(client, width="1200", margin="7.5", shadow="drop", label="Autumn")
    choices = client.get("/studio/").context["choices"]
    assert (choices.preset, choices.label) == ("etsy", "Autumn")
    assert choices.recipe.explicit == {
        "width": "1200", "margin": 0.075, "shadow": "drop",
        "marginTop": None, "marginRight": None, "marginBottom": None, "marginLeft": None,
    }  # fmt: skip
    assert as_(cast.alice).get("/studio/").context["choices"].preset == "amazon-main"


def test_another_preset_brings_its_own_parameters(cast: Cast, as_: As) -> None:
    client = as_(cast.bob)
    change(client, width="1200")
    answer = client.post("/studio/settings/", form(client, preset="walmart", width="1200"), headers=HTMX)
    assert 'name="width" value="2200"' in answer.content.decode()
    assert client.get("/studio/").context["choices"].recipe.explicit == {}


def test_back_to_the_preset(cast: Cast, as_: As) -> None:
    client = as_(cast.bob)
    change(client, bg="gradient", format="webp")
    assert client.get("/studio/").context["choices"].changed
    change(client, reset="1")
    choices = client.get("/studio/").context["choices"]
    assert not choices.changed
    assert choices.values["format"] == "jpg"


@pytest.mark.parametrize(
    ("field", "value", "slot", "sentence"),
    [
        ("width", "huge", "width", "Width must be a whole number from 1 to 10000."),
        ("width", "10001", "width", "Width must be a whole number from 1 to 10000."),
        ("marginTop", "70", "marginTop", "Top margin must be a number from 0 to 49."),
        ("margin", "x", "margin", "Margin must be a number from 0 to 49."),
        ("color", "red", "background", "Background must be a colour such as #ffffff"),
        ("jpegQuality", "0", "jpegQuality", "Quality must be a whole number from 1 to 100."),
        ("bg", "transparent", "background", "Background cannot be transparent in a jpg."),
        ("bg", "image", "background", "Choose the image that goes behind the product."),
        ("label", "x" * 201, "label", "Use at most 200 characters."),
    ],
)
def test_a_wrong_answer_is_said_beside_its_field_and_kept(
    cast: Cast, as_: As, field: str, value: str, slot: str, sentence: str
) -> None:
    put(cast.bob, 1)
    client = as_(cast.bob)
    answer = change(client, **{field: value})
    assert answer.status_code == 200
    assert sentence in error_of(answer, slot)
    assert "Mend what is marked in red first." in answer.content.decode()
    choices = client.get("/studio/").context["choices"]
    assert (choices.label if field == "label" else choices.values[field]) == value
    assert process(client).status_code == 400
    assert not Job.unscoped.exists()


def test_a_photo_that_would_make_too_large_an_image_is_said_at_once(cast: Cast, as_: As) -> None:
    add_photo(cast.bob, data=product_photo(size=(20, 800)), name="tall.jpg")
    answer = change(as_(cast.bob), width="5000", height="")
    assert "The image would be 5000 × 200000 pixels." in error_of(answer, "width")


def test_an_own_background_image(cast: Cast, as_: As, run_all: Callable[[], int]) -> None:
    put(cast.bob, 1)
    client = as_(cast.bob)
    refused = client.post("/studio/background/", {"backgroundImage": SimpleUploadedFile("a.txt", b"no")}, headers=HTMX)
    assert 'role="alert"' in refused.content.decode()
    picture = SimpleUploadedFile("wall.png", product_photo(9, format="PNG"))
    answer = client.post("/studio/background/", {"backgroundImage": picture}, headers=HTMX)
    assert answer["HX-Trigger-After-Settle"] == "studio:refresh"
    background = Asset.objects.of(cast.bob).get(name="wall.png")
    assert process(client, bg="image", background=str(background.pk)).status_code == 200
    job = Job.objects.of(cast.bob).get(purpose=Job.Purpose.WORK)
    assert job.background == background


def test_a_strangers_background_is_none(cast: Cast, as_: As) -> None:
    put(cast.bob, 1)
    foreign = add_photo(cast.charlie, data=product_photo(3), name="theirs.jpg").asset
    assert process(as_(cast.bob), bg="image", background=str(foreign.pk)).status_code == 400
