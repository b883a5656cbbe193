"""Operations one after the other: each on what the one before has made, and one image at the end."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from accounts.kit.errors import InvalidInput
from processing.imaging import digital_source
from processing.operations.base import Result
from processing.operations.output_size import OutputTooLarge
from processing.operations.registry import find, price
from tests.processing.imaging.test_digital_source import told
from tests.support.operation_run import BACKDROP, Run, Stopped

RECIPE = find("recipe")
TWO = [
    {"operation": "remove_background"},
    {"operation": "process", "parameters": {"width": 200, "height": 100, "margin": 0.1, "background": "#00ff00"}},
]


def photo() -> bytes:
    image = Image.new("RGB", (300, 300), BACKDROP)
    ImageDraw.Draw(image).rectangle((100, 60, 199, 239), fill=(150, 40, 30))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def run(steps: object, context: Run | None = None) -> Result:
    return RECIPE.run(photo(), RECIPE.merge({}, {"steps": steps}), context or Run())


def test_the_last_step_makes_the_image() -> None:
    context = Run()
    result = run(TWO, context)
    pixels = np.asarray(Image.open(io.BytesIO(result.data)))
    assert (result.format, pixels.shape) == ("jpg", (100, 200, 3))
    assert result.box is not None
    assert abs(result.box[3] - 80) <= 1
    assert np.abs(pixels[5, 5].astype(int) - (0, 255, 0)).max() <= 3
    assert np.abs(pixels[50, 100].astype(int) - (150, 40, 30)).max() <= 8
    # The second step was given a cut-out: the network is asked once.
    assert context.loaded.calls == 1
    assert result.engine == "alpha"
    assert [warning.code for warning in result.warnings] == ["alpha_kept"]


def test_the_photo_is_found_in_the_last_image() -> None:
    """Where it lies is said from step to step: a crop, then half the size."""
    placed = {"operation": "process", "parameters": {"width": 200, "height": 100, "margin": 0.1}}
    alone = run([placed])
    halved = run([placed, {"operation": "resize", "parameters": {"width": 100}}])
    assert alone.frame is not None
    assert halved.frame == pytest.approx([value / 2 for value in alone.frame])
    cropped = run(
        [
            {"operation": "crop_to_subject", "parameters": {"margin": 0}},
            {"operation": "watermark", "parameters": {"text": "NW"}},
        ]
    )
    assert cropped.frame == pytest.approx((-100, -60, 300, 300), abs=2)


def test_nothing_is_lost_between_the_steps() -> None:
    """A step in the middle writes no JPEG, whatever its format says."""
    mild = {"operation": "process", "parameters": {"background": "#123456", "format": "jpg", "jpegQuality": 1}}
    last = {"operation": "process", "parameters": {"background": "#123456", "format": "png"}}
    pixels = np.asarray(Image.open(io.BytesIO(run([mild, last]).data)))
    assert (pixels[3, 3] == (0x12, 0x34, 0x56)).all()


def test_only_the_last_image_carries_the_sandbox_mark() -> None:
    plain = np.asarray(Image.open(io.BytesIO(run(TWO).data))).astype(int)
    marked = np.asarray(Image.open(io.BytesIO(run(TWO, Run(sandbox=True)).data))).astype(int)
    assert np.abs(plain - marked).max() > 30


def test_the_kept_mask_is_the_photos_alone() -> None:
    context = Run()
    run([{"operation": "process", "parameters": {"width": 90, "format": "png"}}, {"operation": "process"}], context)
    assert context.kept["known-backdrop"].shape == (300, 300)
    assert context.loaded.calls == 2


def test_a_built_in_preset_stands_under_the_own_parameters() -> None:
    merged = RECIPE.merge(
        {}, {"steps": [{"operation": "process", "preset": "amazon-main", "parameters": {"width": 900}}]}
    )
    (step,) = merged.model_dump(mode="json", by_alias=True)["steps"]
    assert (step["parameters"]["width"], step["parameters"]["height"]) == (900, 2000)
    # What a job keeps can be read again, and says the same.
    again = RECIPE.Parameters.model_validate(merged.model_dump(mode="json", by_alias=True, exclude_none=True))
    assert again == merged


def test_forms_send_the_steps_as_text() -> None:
    assert RECIPE.merge({}, {"steps": '[{"operation": "remove_background"}]'}) == RECIPE.merge(
        {}, {"steps": [{"operation": "remove_background"}]}
    )


def test_it_costs_what_its_steps_cost() -> None:
    parameters = RECIPE.merge({}, {"steps": TWO}).model_dump(mode="json", by_alias=True, exclude_none=True)
    assert price("recipe", parameters) == 2
    assert price("process", {}) == 1


def test_it_ends_before_a_step_when_it_is_canceled() -> None:
    with pytest.raises(Stopped):
        run(TWO, Run(stop_before="encode"))


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        (None, "steps is missing"),
        ("no json", "must be a JSON list"),
        ([], "a list of 1 to 10 operations"),
        ([{"operation": "process"}] * 11, "a list of 1 to 10 operations"),
        ("process", "must be a JSON list"),
        ([7], "Step 1 must be an object with an operation"),
        ([{"operation": "process"}, {"operation": "nonsense"}], "Step 2, nonsense: There is no operation nonsense."),
        ([{"operation": "recipe", "parameters": {"steps": []}}], "cannot be a step of a recipe"),
        ([{"operation": "process", "parameters": {"wdith": 5}}], "Step 1, process: There is no field wdith."),
        ([{"operation": "process", "parameters": {"margin": 3}}], "margin must be a number from 0 to 0.49"),
        ([{"operation": "process", "preset": "mine"}], "There is no built-in preset mine."),
        ([{"operation": "process", "colour": "red"}], "Step 1 has no colour"),
    ],
)
def test_a_wrong_step_is_named(steps: object, says: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        RECIPE.merge({}, {} if steps is None else {"steps": steps})
    assert says in refused.value.detail
    assert [error.field for error in refused.value.errors] == ["steps"]


@pytest.mark.parametrize(
    "later",
    [
        {"operation": "resize", "parameters": {"width": 60}},
        {"operation": "watermark", "parameters": {"text": "Northwind"}},
        {"operation": "process", "parameters": {"width": 80, "height": 80, "format": "webp"}},
        {"operation": "upscale", "parameters": {"scale": 2, "format": "png"}},
        {"operation": "crop_to_subject"},
        {"operation": "relight_shadow", "parameters": {"width": 80, "height": 80}},
        {"operation": "generate_background", "parameters": {"style": "oak", "width": 80, "height": 80}},
    ],
    ids=lambda step: str(step["operation"]),
)
def test_a_later_step_still_says_that_the_backdrop_was_made(later: dict[str, object]) -> None:
    made = {"operation": "generate_background", "parameters": {"style": "sweep", "width": 120, "height": 120}}
    assert told(run([made, later]).data) == digital_source.COMPOSITE


def test_a_photo_alone_says_nothing_and_neither_does_a_mask() -> None:
    assert told(run(TWO).data) is None
    made = {"operation": "generate_background", "parameters": {"style": "sweep", "width": 120, "height": 120}}
    mask = {"operation": "process", "parameters": {"output": "mask"}}
    assert told(run([made, mask]).data) is None


def test_what_comes_after_a_crop_is_measured_by_the_crop() -> None:
    """The photo is wider than the upscaled image: only the part that is kept is narrower."""
    steps = [
        {"operation": "crop_to_subject", "parameters": {"margin": 0}},
        {"operation": "upscale", "parameters": {"width": 250}},
    ]
    parameters = RECIPE.merge({}, {"steps": steps})
    RECIPE.check(parameters, (300, 300), max_pixels=50_000_000)
    assert RECIPE.size(parameters, (300, 300)) is None
    assert run(steps).width == 250


def test_a_step_that_makes_too_much_is_refused_at_submit() -> None:
    parameters = RECIPE.merge({}, {"steps": [*TWO, {"operation": "process", "parameters": {"height": 9000}}]})
    with pytest.raises(OutputTooLarge) as refused:
        RECIPE.check(parameters, (300, 300), max_pixels=50_000_000)
    assert refused.value.detail.startswith("Step 3, process: ")
