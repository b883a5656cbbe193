"""crop_to_subject: the part of the photo around the product, its pixels as they were."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from accounts.kit.errors import InvalidInput
from processing.imaging.errors import NoSubject
from processing.imaging.limits import Limits
from processing.operations.base import STEPS, Result
from processing.operations.output_size import OutputTooLarge
from processing.operations.registry import find
from tests.support.operation_run import BACKDROP, Run, Stopped

CROP = find("crop_to_subject")
PRODUCT = (150, 40, 30)


def _photo(box: tuple[int, int, int, int] = (150, 100, 250, 300), size: tuple[int, int] = (400, 400)) -> bytes:
    """A box of PRODUCT from left, top to right, bottom (exclusive) on BACKDROP, with a faint pattern."""
    image = Image.new("RGB", size, BACKDROP)
    ImageDraw.Draw(image).rectangle((box[0], box[1], box[2] - 1, box[3] - 1), fill=PRODUCT)
    pixels = np.asarray(image).copy()
    pixels[::7, ::5] += 1
    return _png(pixels)


def _png(pixels: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def _run(source: bytes, given: dict[str, object], context: Run | None = None) -> tuple[Result, np.ndarray]:
    result = CROP.run(source, CROP.merge({}, given), context or Run())
    return result, np.asarray(Image.open(io.BytesIO(result.data)))


def _codes(result: Result) -> set[str]:
    return {warning.code for warning in result.warnings}


def test_the_photos_own_pixels_are_kept_background_and_all() -> None:
    context = Run()
    result, pixels = _run(_photo(), {"margin": 0.1, "format": "png"}, context)
    assert context.steps == list(STEPS)
    assert result.box is not None
    assert result.frame is not None
    x, y = -int(result.frame[0]), -int(result.frame[1])
    source = np.asarray(Image.open(io.BytesIO(_photo())))
    assert (pixels == source[y : y + result.height, x : x + result.width]).all()
    # 100 × 200 and a tenth of the shorter side, 125, around it
    assert abs(result.width - 125) <= 3
    assert abs(result.height - 225) <= 3
    assert np.abs(np.subtract(result.box, (12.5, 12.5, 100, 200))).max() <= 2
    assert "margin_reduced" not in _codes(result)
    assert (result.engine, result.scale) == ("known-backdrop", 1)


@pytest.mark.parametrize(("ratio", "wanted"), [("1:1", 1.0), ("4:5", 0.8), ("16:9", 16 / 9), ("3 : 2", 1.5)])
def test_a_ratio_is_kept_with_the_product_in_the_middle(ratio: str, wanted: float) -> None:
    result, _ = _run(_photo((150, 130, 250, 270)), {"ratio": ratio, "margin": 0.05})
    assert result.box is not None
    assert abs(result.width - wanted * result.height) <= 1
    x, y, width, height = result.box
    assert abs(x - (result.width - width) / 2) <= 1
    assert abs(y - (result.height - height) / 2) <= 1
    least = 0.05 * min(result.width, result.height) - 1.5
    assert min(x, y) >= least


def test_where_the_photo_ends_the_margin_ends_and_the_owner_is_told() -> None:
    result, _ = _run(_photo((150, 6, 250, 206)), {"margin": 0.2})
    assert result.frame is not None
    assert result.frame[1] == 0
    told = next(warning.detail for warning in result.warnings if warning.code == "margin_reduced")
    assert told.endswith("the top.")
    square, _ = _run(_photo((4, 100, 104, 300)), {"ratio": "1:1", "margin": 0.1})
    assert square.width == square.height
    assert square.frame is not None
    assert square.frame[0] == 0
    assert "margin_reduced" in _codes(square)


def test_a_product_that_the_photo_cuts_off_stays_on_that_edge() -> None:
    result, _ = _run(_photo((150, 250, 250, 400)), {"margin": 0.1})
    assert result.box is not None
    assert result.box[1] + result.box[3] == result.height
    assert "subject_cut_off" in _codes(result)
    assert "margin_reduced" not in _codes(result)


def test_a_photo_too_flat_for_the_ratio_is_refused_by_field() -> None:
    with pytest.raises(InvalidInput) as refused:
        _run(_photo((10, 20, 390, 80), (400, 100)), {"ratio": "1:1"})
    assert [error.field for error in refused.value.errors] == ["ratio"]


def test_a_cut_out_stays_one() -> None:
    pixels = np.zeros((100, 120, 4), np.uint8)
    pixels[30:70, 40:90] = (*PRODUCT, 255)
    result, cropped = _run(_png(pixels), {"margin": 0})
    assert cropped.shape == (40, 50, 3)  # nothing clear is left
    assert result.format == "jpg"
    result, cropped = _run(_png(pixels), {"margin": 0.1})
    assert result.format == "png"
    assert result.box is not None
    x, y, width, height = result.box
    assert (width, height) == (50, 40)
    assert (cropped[y : y + height, x : x + width] == (*PRODUCT, 255)).all()
    assert (cropped[:y, :, 3] == 0).all()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"ratio": "1"}, "ratio"),
        ({"ratio": "0:1"}, "ratio"),
        ({"ratio": "1:11"}, "ratio"),
        ({"margin": 0.5}, "margin"),
        ({"margin": True}, "margin"),
        ({"model": "no-such"}, "model"),
        ({"format": "gif"}, "format"),
        ({"jpegQuality": 0}, "jpegQuality"),
        ({"background": "#ffffff"}, "background"),
    ],
)
def test_what_cannot_be_is_refused_by_name(given: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        CROP.merge({}, given)
    assert [error.field for error in refused.value.errors] == [field]


def test_presets_limits_cancel_and_the_sandbox() -> None:
    with pytest.raises(InvalidInput) as refused:
        CROP.merge({"margin": 0.1}, {})
    assert refused.value.field == "preset"
    with pytest.raises(OutputTooLarge):
        CROP.check(CROP.merge({}, {"format": "webp"}), (16_384, 10), max_pixels=50_000_000)
    with pytest.raises(OutputTooLarge):
        CROP.check(CROP.merge({}, {}), (400, 400), max_pixels=159_999)
    with pytest.raises(Exception, match="megapixels"):
        _run(_photo(), {}, Run(limits=Limits(max_pixels=159_999)))
    context = Run(stop_before="encode")
    with pytest.raises(Stopped):
        _run(_photo(), {}, context)
    assert context.steps == list(STEPS[:-1])
    with pytest.raises(NoSubject):
        _run(_png(np.full((90, 90, 3), BACKDROP, np.uint8)), {})
    _, plain = _run(_photo(), {"format": "png"})
    _, marked = _run(_photo(), {"format": "png"}, Run(sandbox=True))
    assert (plain != marked).any()
