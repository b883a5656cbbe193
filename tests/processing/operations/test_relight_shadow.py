"""The operation relight_shadow from bytes to bytes."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from accounts.kit.errors import InvalidInput
from processing.operations.base import STEPS, Result
from processing.operations.output_size import OutputTooLarge
from processing.operations.registry import find
from tests.support.operation_run import BACKDROP, Run, Stopped

OPERATION = find("relight_shadow")
PRODUCT = (150, 40, 30)
BOX = (150, 100, 250, 260)


def _photo(box: tuple[int, int, int, int] = BOX, size: tuple[int, int] = (400, 400)) -> bytes:
    image = Image.new("RGB", size, BACKDROP)
    ImageDraw.Draw(image).ellipse(box, fill=PRODUCT)
    return _saved(image)


def _saved(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def _run(given: dict[str, object], context: Run | None = None, source: bytes | None = None) -> Result:
    context = context or Run()
    parameters = OPERATION.merge({}, given, background_image="background" in context.files)
    return OPERATION.run(source or _photo(), parameters, context)


def _pixels(result: Result) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(result.data))).astype(int)


CLEAR: dict[str, object] = {"format": "png", "background": "transparent"}


def test_the_product_keeps_its_place_and_casts_away_from_the_light() -> None:
    result = _run({"format": "png", "direction": 270, "elevation": 40})
    assert (result.width, result.height) == (400, 400)
    assert result.box == pytest.approx((150, 100, 101, 161), abs=1)
    found = _pixels(result).mean(axis=2)
    assert found[200:262, 262:330].min() < 215  # the far side
    assert found[200:262, 80:138].min() > 245


@pytest.mark.parametrize("look", [{}, {"exposure": 1.2}, {"warmth": -1}, {"lighting": 1}])
def test_the_outline_stays_to_the_bit(look: dict[str, object]) -> None:
    plain = _pixels(find("remove_background").run(_photo(), find("remove_background").merge({}, {}), Run()))
    found = _pixels(_run({**CLEAR, "shadow": "none", **look}))
    assert np.array_equal(found[:, :, 3], plain[:, :, 3])
    solid = plain[:, :, 3] > 0
    changed = np.abs(found - plain)[solid].max()
    assert changed > 3 if look else changed <= 1


def test_under_the_shadow_the_product_is_the_one_without() -> None:
    without, cast = _pixels(_run({**CLEAR, "shadow": "none"})), _pixels(_run(CLEAR))
    solid = without[:, :, 3] == 255
    assert np.array_equal(cast[solid], without[solid])
    assert (cast[:, :, 3] > without[:, :, 3]).sum() > 500


def test_placement_and_background_are_those_of_process() -> None:
    blue = _saved(Image.new("RGB", (50, 50), (20, 40, 200)))
    context = Run(files={"background": blue})
    result = _run({"format": "png", "width": 300, "height": 200, "margin": 0.1, "align": "bottom"}, context)
    assert (result.width, result.height) == (300, 200)
    assert result.box is not None
    assert result.box[1] + result.box[3] == pytest.approx(180, abs=1)
    assert tuple(_pixels(result)[2, 2]) == (20, 40, 200)
    assert context.steps == list(STEPS)


def test_a_mask_has_no_light() -> None:
    mask = {"output": "mask", "format": "png"}
    assert (
        _run({**mask, "exposure": 2}).data == find("process").run(_photo(), find("process").merge({}, mask), Run()).data
    )


def test_a_product_cut_off_below_has_no_ground() -> None:
    result = _run({"format": "png"}, source=_photo((100, 200, 300, 600)))
    assert {"no_ground", "subject_cut_off"} <= {warning.code for warning in result.warnings}


@pytest.mark.parametrize("step", STEPS)
def test_it_stops_before_any_step(step: str) -> None:
    context = Run(stop_before=step)
    with pytest.raises(Stopped):
        _run({}, context)
    assert context.steps == list(STEPS[: STEPS.index(step)])


def test_a_test_key_marks_the_image() -> None:
    assert _run({}, Run(sandbox=True)).data != _run({}).data


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("direction", 361), ("direction", -1), ("elevation", 5), ("elevation", 91), ("softness", 1.1),
        ("opacity", -0.1), ("lighting", 2), ("warmth", -1.5), ("exposure", 3), ("exposure", "nan"), ("opacity", True),
        ("shadow", "long"), ("sofness", 0.5), ("background", "transparent"), ("model", "nobody"), ("width", 0),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(field: str, value: object) -> None:
    with pytest.raises(InvalidInput) as refused:
        OPERATION.merge({}, {field: value})
    assert [error.field for error in refused.value.errors] == [field]


def test_limits_of_a_light_are_said() -> None:
    with pytest.raises(InvalidInput, match="elevation must be a number from 15 to 90"):
        OPERATION.merge({}, {"elevation": "high"})


def test_contradictions_and_presets_are_refused() -> None:
    with pytest.raises(InvalidInput, match="cannot be transparent beside a background image"):
        OPERATION.merge({}, dict(CLEAR), background_image=True)
    with pytest.raises(InvalidInput, match="no presets"):
        OPERATION.merge({"margin": 0.1}, {})


def test_too_large_an_image_is_refused() -> None:
    with pytest.raises(OutputTooLarge):
        OPERATION.check(OPERATION.merge({}, {"width": 9000}), (400, 400), max_pixels=50_000_000)


def test_numbers_may_be_text() -> None:
    parameters = OPERATION.merge({}, {"direction": "90", "opacity": "0.25", "exposure": "-0.5"})
    assert (parameters.direction, parameters.opacity, parameters.exposure) == (90, 0.25, -0.5)  # type: ignore[attr-defined]
