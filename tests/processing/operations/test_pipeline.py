"""The main operation from bytes to bytes, with an engine that knows its test photos' backdrop."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from processing.imaging.errors import NoSubject
from processing.imaging.limits import Limits
from processing.operations.base import STEPS, Result
from processing.operations.output_size import OutputTooLarge
from processing.operations.process import merge
from processing.operations.registry import find
from tests.support.operation_run import BACKDROP, KnownBackdrop, Run, Stopped

PRODUCT = (150, 40, 30)
PROCESS = find("process")


def _photo(box: tuple[int, int, int, int] = (120, 80, 280, 320), size: tuple[int, int] = (400, 400)) -> bytes:
    """A box of PRODUCT from left, top to right, bottom (exclusive) on BACKDROP."""
    image = Image.new("RGB", size, BACKDROP)
    left, top, right, bottom = box
    ImageDraw.Draw(image).rectangle((left, top, right - 1, bottom - 1), fill=PRODUCT)
    return _bytes(image, "PNG")


def _bytes(image: Image.Image, format: str) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format)
    return buffer.getvalue()


def _pixels(result: Result) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(result.data)))


def _run(source: bytes, given: dict[str, object], context: Run | None = None) -> Result:
    context = context or Run()
    return PROCESS.run(source, merge({}, given, background_image="background" in context.files), context)


def _codes(result: Result) -> list[str]:
    return [warning.code for warning in result.warnings]


def test_a_photo_becomes_a_marketplace_image() -> None:
    context = Run()
    result = _run(_photo(), {"width": 500, "height": 500, "margin": 0.1, "format": "png"}, context)
    pixels = _pixels(result)
    assert context.steps == list(STEPS)
    assert (result.width, result.height, result.format) == (500, 500, "png")
    assert pixels.shape == (500, 500, 3)
    assert result.box is not None
    x, y, width, height = result.box
    assert (y, height) == (50, 400)
    assert abs(width - 400 * 160 / 240) <= 2
    assert (pixels[:48] == 255).all()
    assert (pixels[:, : x - 3] == 255).all()
    assert np.abs(pixels[250, 250].astype(int) - PRODUCT).max() <= 6
    assert result.coverage == pytest.approx(width * height / 250_000, rel=0.03)
    assert (result.engine, result.runtime) == ("known-backdrop", "numpy")
    assert result.confidence is not None
    assert 0 <= result.confidence.value <= 1
    assert "enlarged" not in _codes(result)


def test_without_a_size_or_margin_the_product_stays_where_it_was() -> None:
    result = _run(_photo(), {"background": "#00ff00", "format": "png"})
    assert (result.width, result.height, result.scale) == (400, 400, 1)
    assert result.box is not None
    assert np.abs(np.subtract(result.box, (120, 80, 160, 240))).max() <= 1
    assert (_pixels(result)[:70] == (0, 255, 0)).all()


@pytest.mark.parametrize(("format", "name"), [("jpg", "JPEG"), ("png", "PNG"), ("webp", "WEBP"), ("avif", "AVIF")])
def test_every_format_is_what_it_says(format: str, name: str) -> None:
    image = Image.open(io.BytesIO(_run(_photo(), {"width": 64, "format": format}).data))
    assert (image.format, image.size) == (name, (64, 64))


def test_the_same_photo_and_parameters_give_the_same_bytes() -> None:
    given: dict[str, object] = {"width": 300, "margin": 0.1, "background": "#fff:#ccc", "shadow": "drop"}
    assert _run(_photo(), given).data == _run(_photo(), given).data


def test_transparent_has_its_shadow_in_the_alpha() -> None:
    given: dict[str, object] = {"background": "transparent", "format": "png", "width": 400, "margin": 0.2}
    plain, lit = _pixels(_run(_photo(), given)), _pixels(_run(_photo(), given | {"shadow": "contact"}))
    assert plain.shape == lit.shape == (400, 400, 4)
    assert (plain[328:, :, 3] == 0).all()
    assert lit[322:340, 200, 3].max() > 20
    assert (lit[325:340, 200, :3][lit[325:340, 200, 3] > 0] == 0).all()


def test_a_mask_is_grey_and_stands_where_the_product_would() -> None:
    given: dict[str, object] = {"width": 500, "height": 500, "margin": 0.1, "format": "png"}
    mask = _pixels(_run(_photo(), given | {"output": "mask", "background": "transparent"}))
    assert mask.ndim == 2
    x, y, width, height = _run(_photo(), given).box or (0, 0, 0, 0)
    assert (mask[y + 3 : y + height - 3, x + 3 : x + width - 3] > 250).all()
    assert mask.mean() / 255 == pytest.approx(width * height / 250_000, rel=0.03)


def test_a_product_that_the_photo_cuts_off_stays_on_the_edge_and_says_so() -> None:
    source = _photo((80, 160, 320, 400))
    result = _run(source, {"width": 500, "height": 500, "margin": 0.1, "shadow": "contact", "format": "png"})
    assert result.box is not None
    assert result.box[1] + result.box[3] == 500
    assert np.abs(_pixels(result)[499, 250].astype(int) - PRODUCT).max() <= 6
    assert _codes(result)[:2] == ["subject_cut_off", "no_ground"]
    assert "bottom" in result.warnings[0].detail


def test_enlarging_beyond_twice_is_done_and_told() -> None:
    assert "enlarged" not in _codes(_run(_photo(), {"width": 800, "format": "png"}))
    result = _run(_photo(), {"width": 1000, "format": "png"})
    assert result.width == 1000
    assert "2.5 times" in next(warning.detail for warning in result.warnings if warning.code == "enlarged")


def test_grabcut_is_honest_about_itself() -> None:
    assert "engine_grabcut" in _codes(_run(_photo(), {}, Run(loaded=KnownBackdrop("grabcut"))))


def test_a_photo_without_a_subject_is_refused() -> None:
    with pytest.raises(NoSubject):
        _run(_bytes(Image.new("RGB", (100, 100), BACKDROP), "PNG"), {})


def test_the_model_that_was_named_is_used() -> None:
    context = Run()
    _run(_photo(), {"model": "u2net"}, context)
    assert context.asked_for == ["u2net"]


def test_a_mask_is_made_once() -> None:
    context = Run()
    first = _run(_photo(), {"width": 200}, context)
    second = _run(_photo(), {"width": 200}, context)
    assert context.loaded.calls == 1
    assert first.data == second.data


def test_a_cut_out_keeps_its_own_alpha() -> None:
    image = Image.new("RGBA", (200, 200), (10, 20, 30, 0))
    ImageDraw.Draw(image).ellipse((50, 50, 149, 149), fill=(*PRODUCT, 255))
    context = Run()
    result = _run(_bytes(image, "PNG"), {"format": "png", "background": "transparent"}, context)
    assert context.loaded.calls == 0
    assert context.steps == list(STEPS)
    assert result.engine == "alpha"
    assert "alpha_kept" in _codes(result)
    assert np.array_equal(_pixels(result)[:, :, 3], np.asarray(image)[:, :, 3])


def test_a_background_image_fills_the_canvas() -> None:
    scene = Image.new("RGB", (300, 100), (0, 0, 255))
    ImageDraw.Draw(scene).rectangle((100, 0, 199, 99), fill=(0, 255, 0))
    context = Run(files={"background": _bytes(scene, "PNG")})
    pixels = _pixels(_run(_photo(), {"width": 300, "height": 300, "margin": 0.2, "format": "png"}, context))
    assert (pixels[:50] == (0, 255, 0)).all()  # its middle
    assert np.abs(pixels[150, 150].astype(int) - PRODUCT).max() <= 6


def test_a_background_image_with_holes_lies_over_the_colour() -> None:
    scene = Image.new("RGBA", (200, 200), (0, 0, 255, 255))
    ImageDraw.Draw(scene).rectangle((0, 0, 199, 49), fill=(0, 0, 0, 0))
    context = Run(files={"background": _bytes(scene, "PNG")})
    pixels = _pixels(_run(_photo(), {"width": 200, "background": "#ff0000", "format": "png"}, context))
    assert (pixels[:30] == (255, 0, 0)).all()
    assert (pixels[190:] == (0, 0, 255)).all()


def test_a_group_shares_one_scale() -> None:
    given: dict[str, object] = {"width": 400, "height": 400, "margin": 0.1, "format": "png", "sameScale": "true"}
    side, front = _photo((50, 150, 350, 270)), _photo((150, 150, 250, 270))
    parameters = merge({}, given)
    scales = [PROCESS.measure(photo, parameters, Run()) for photo in (side, front)]
    assert scales == pytest.approx([320 / 300, 320 / 120], rel=0.02)
    boxes = [_run(photo, given, Run(scale=min(scales))).box for photo in (side, front)]
    heights = [box[3] for box in boxes if box]
    assert heights == pytest.approx([128, 128], abs=2)
    assert "enlarged" in _codes(_run(front, given))


def test_a_test_key_leaves_a_watermark_on_everything() -> None:
    for given in ({"format": "png"}, {"format": "png", "background": "transparent"}, {"output": "mask"}):
        assert _run(_photo(), dict(given)).data != _run(_photo(), dict(given), Run(sandbox=True)).data


def test_one_side_alone_cannot_make_too_large_an_image() -> None:
    context = Run()
    with pytest.raises(OutputTooLarge) as caught:
        _run(_photo(size=(400, 1200)), {"width": 9000}, context)
    assert caught.value.field == "width"
    assert context.loaded.calls == 0
    with pytest.raises(OutputTooLarge):
        _run(_photo(), {"width": 500}, Run(limits=Limits(max_pixels=200_000)))


@pytest.mark.parametrize("step", STEPS)
def test_it_stops_at_any_step(step: str) -> None:
    context = Run(stop_before=step)
    with pytest.raises(Stopped):
        _run(_photo(), {}, context)
    assert context.steps == list(STEPS[: STEPS.index(step)])
