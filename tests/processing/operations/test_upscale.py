"""`upscale` from bytes to bytes: sizes, refusals by field, what is told, and networks."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from accounts.kit.errors import InvalidInput
from processing.engines import load
from processing.engines.add import add
from processing.imaging.limits import Limits
from processing.operations.base import Result
from processing.operations.output_size import OutputTooLarge
from processing.operations.process import merge as merge_process
from processing.operations.registry import find
from tests.support.operation_run import Run, Stopped
from tests.support.tiny_networks import enlarging_network

UPSCALE = find("upscale")


def _photo(size: tuple[int, int] = (80, 60), mode: str = "RGB", **options: object) -> bytes:
    image = Image.new(mode, size, (255, 255, 255, 0)[: len(mode)])
    ImageDraw.Draw(image).ellipse((20, 10, 60, 50), fill=(150, 40, 30, 255)[: len(mode)])
    buffer = io.BytesIO()
    image.save(buffer, "PNG", **options)
    return buffer.getvalue()


def _opened(result: Result) -> Image.Image:
    return Image.open(io.BytesIO(result.data))


def _run(given: dict[str, object], context: Run | None = None, source: bytes | None = None) -> Result:
    return UPSCALE.run(source or _photo(), UPSCALE.merge({}, given), context or Run())


@pytest.mark.parametrize(
    ("given", "size"),
    [
        ({"scale": "2"}, (160, 120)),
        ({"scale": 3}, (240, 180)),
        ({"scale": 4}, (320, 240)),
        ({"width": 200}, (200, 150)),
        ({"height": 90}, (120, 90)),
        ({"width": 101, "height": 76}, (101, 76)),
        ({"width": 640}, (640, 480)),
    ],
)
def test_it_is_as_large_as_was_asked_for(given: dict[str, object], size: tuple[int, int]) -> None:
    context = Run()
    result = _run(given, context)
    assert (result.width, result.height) == _opened(result).size == size
    assert UPSCALE.size(UPSCALE.merge({}, given), (80, 60)) == size
    assert result.scale == pytest.approx(size[0] / 80, abs=0.02)
    assert result.frame == (0, 0, *size)
    assert context.steps == ["decode", "compose", "encode"]
    assert (result.engine, result.runtime) == ("back-projection", "opencv")


def test_who_forbids_scaled_up_images_is_told() -> None:
    result = _run({"scale": 2})
    assert [warning.code for warning in result.warnings] == ["upscaled"]
    assert "Google Merchant Center does not accept" in result.warnings[0].detail
    assert [warning.code for warning in _run({"width": 500}).warnings] == ["upscaled", "enlarged"]
    assert _run({"width": 80}).warnings == []


def test_transparency_is_kept_and_a_photo_stays_a_jpeg() -> None:
    cut_out = _opened(_run({"scale": 2}, source=_photo(mode="RGBA")))
    assert (cut_out.format, cut_out.mode) == ("PNG", "RGBA")
    alpha = np.asarray(cut_out)[:, :, 3]
    assert (alpha[50:70, 60:100] == 255).all()
    assert (alpha[:10] == 0).all()
    white = _opened(_run({"scale": 2, "format": "jpg"}, source=_photo(mode="RGBA")))
    assert white.mode == "RGB"
    assert np.asarray(white)[:10].min() >= 254
    assert _opened(_run({"scale": 2})).format == "JPEG"
    assert _opened(_run({"scale": 2, "format": "avif"})).format == "AVIF"


def test_metadata_is_dropped() -> None:
    exif = Image.Exif()
    exif[0x010F] = "a camera"
    made = _opened(_run({"scale": 2}, source=_photo(exif=exif)))
    assert not made.getexif()


@pytest.mark.parametrize(
    ("given", "field", "why"),
    [
        ({}, "scale", "Say how large"),
        ({"scale": 2, "width": 200}, "scale", "scale and width contradict"),
        ({"scale": 2, "height": 200}, "scale", "scale and height contradict"),
        ({"scale": 5}, "scale", "whole number from 2 to 4"),
        ({"scale": "1.5"}, "scale", "whole number from 2 to 4"),
        ({"scale": True}, "scale", "whole number from 2 to 4"),
        ({"width": 0}, "width", "from 1 to 10000"),
        ({"scale": 2, "format": "gif"}, "format", "jpg, png, webp or avif"),
        ({"scale": 2, "jpegQuality": 0}, "jpegQuality", "from 1 to 100"),
        ({"scale": 2, "margin": 0.1}, "margin", "There is no field margin"),
        ({"scale": 2, "model": "u2net"}, "model", "u2net cuts products out"),
        ({"scale": 2, "model": "esrgan"}, "model", "There is no model 'esrgan'"),
    ],
)
def test_what_is_wrong_is_told_by_field(given: dict[str, object], field: str, why: str) -> None:
    with pytest.raises(InvalidInput, match=why) as caught:
        UPSCALE.merge({}, given)
    assert caught.value.errors[0].field == field


def test_a_network_that_enlarges_cuts_nothing_out() -> None:
    with pytest.raises(InvalidInput, match="super-resolution-x2 enlarges pictures") as caught:
        merge_process({}, {"model": "super-resolution-x2"})
    assert caught.value.errors[0].field == "model"


def test_presets_and_backgrounds_are_refused() -> None:
    with pytest.raises(InvalidInput, match="no preset"):
        UPSCALE.merge({"width": 2000}, {"scale": 2})
    with pytest.raises(InvalidInput, match="no background image"):
        UPSCALE.merge({}, {"scale": 2}, background_image=True)


@pytest.mark.parametrize(
    ("given", "field", "why"),
    [
        ({"width": 40}, "width", "never makes smaller"),
        ({"height": 59}, "height", "never makes smaller"),
        ({"width": 400, "height": 20}, "height", "never makes smaller"),
        ({"width": 160, "height": 160}, "height", "another ratio"),
        ({"width": 9000}, "width", "megapixels"),
        ({"width": 10000, "height": 7500}, "width", "megapixels"),
    ],
)
def test_sizes_that_cannot_be_are_refused_before_and_while_it_runs(
    given: dict[str, object], field: str, why: str
) -> None:
    parameters = UPSCALE.merge({}, given)
    context = Run()
    for attempt in (
        lambda: UPSCALE.check(parameters, (80, 60), max_pixels=50_000_000),
        lambda: UPSCALE.run(_photo(), parameters, context),
    ):
        with pytest.raises(InvalidInput, match=why) as caught:
            attempt()
        assert caught.value.errors[0].field == field
    assert context.steps == []


def test_the_installations_limit_holds() -> None:
    with pytest.raises(OutputTooLarge) as caught:
        _run({"scale": 4}, Run(limits=Limits(max_pixels=70_000)))
    assert caught.value.errors[0].field == "scale"
    with pytest.raises(OutputTooLarge, match="16383 pixels a side"):
        UPSCALE.check(UPSCALE.merge({}, {"scale": 4, "format": "webp"}), (5000, 100), max_pixels=50_000_000)


@pytest.mark.parametrize("step", ["decode", "compose", "encode"])
def test_it_stops_at_any_step(step: str) -> None:
    with pytest.raises(Stopped):
        _run({"scale": 2}, Run(stop_before=step))


def test_a_test_key_leaves_a_watermark() -> None:
    for source in (_photo(), _photo(mode="RGBA")):
        given = {"scale": 2, "format": "png"}
        marked, plain = (np.asarray(_opened(_run(given, Run(sandbox=on), source))) for on in (True, False))
        assert 0.02 < (marked != plain).any(axis=2).mean() < 0.6


def test_a_network_enlarges_the_colours_and_the_alpha_stays_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("U2NET_HOME", str(tmp_path / "rembg"))
    add(enlarging_network(tmp_path / "mine.onnx"), tmp_path, print, kind="super-resolution")
    context = Run(network=load.load_upscaler("super-resolution-x2", tmp_path))
    given: dict[str, object] = {"model": "super-resolution-x2", "width": 240}
    result = _run(given, context, _photo(mode="RGBA"))
    assert context.asked_for == ["super-resolution-x2"]
    assert (result.engine, result.runtime) == ("super-resolution-x2", "onnxruntime-cpu")
    made = np.asarray(_opened(result))
    assert made.shape == (180, 240, 4)
    assert np.abs(made[90, 120].astype(int) - (150, 40, 30, 255)).max() <= 1
    assert np.array_equal(made[:, :, 3], np.asarray(_opened(_run({"width": 240}, source=_photo(mode="RGBA"))))[:, :, 3])
