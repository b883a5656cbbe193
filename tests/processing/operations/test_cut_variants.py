"""Several images of one cut: the network is asked once, whatever is made of its answer."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image, ImageDraw

from accounts.kit.errors import InvalidInput, NotFound
from processing.operations.base import Result
from processing.operations.output_size import OutputTooLarge
from processing.operations.registry import OPERATIONS, find, price
from tests.support.operation_run import BACKDROP, Run
from tests.support.photos import opened

CUT = find("cut_variants")
PRODUCT = (150, 40, 30)


def picture(box: tuple[int, int, int, int] = (100, 40, 200, 90), size: tuple[int, int] = (300, 150)) -> bytes:
    """A box of PRODUCT from left, top to right, bottom (exclusive) on BACKDROP."""
    image = Image.new("RGB", size, BACKDROP)
    ImageDraw.Draw(image).rectangle((box[0], box[1], box[2] - 1, box[3] - 1), fill=PRODUCT)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def made(*variants: dict[str, Any], source: bytes = b"", context: Run | None = None) -> list[Result]:
    parameters = CUT.merge({}, {"variants": list(variants)})
    first = CUT.run(source or picture(), parameters, context or Run())
    return [first, *first.further]


def test_the_network_is_asked_once() -> None:
    run = Run()
    results = made({}, {"edges": "fast"}, {"format": "jpg", "autocrop": True}, {"format": "webp"}, context=run)
    assert run.loaded.calls == 1
    assert [result.format for result in results] == ["png", "png", "jpg", "webp"]
    assert run.steps.count("encode") == 4
    assert price("cut_variants", {"variants": [{}, {}]}) == 1


def test_each_is_what_was_asked_for() -> None:
    whole, small, cropped, red = map(
        opened, [each.data for each in made({}, {"maxPixels": 5000}, {"autocrop": True},
                                            {"format": "jpg", "background": "#ff0000"})]
    )  # fmt: skip
    assert (whole.size, whole.mode) == ((300, 150), "RGBA")
    assert (whole.getpixel((150, 65)), whole.getchannel("A").getpixel((5, 5))) == ((*PRODUCT, 255), 0)
    assert (small.size, small.mode) == ((100, 50), "RGBA")
    assert all(abs(side - wanted) <= 2 for side, wanted in zip(cropped.size, (100, 50), strict=True))
    pixel = red.getpixel((5, 5))
    assert isinstance(pixel, tuple)
    assert all(abs(a - b) < 8 for a, b in zip(pixel, (255, 0, 0), strict=True))


def test_the_crop_comes_before_the_size() -> None:
    (cropped,) = made({"autocrop": True, "maxPixels": 1250})
    assert cropped.width * cropped.height <= 1250
    assert cropped.width in {49, 50, 51}
    assert opened(cropped.data).getchannel("A").resize((1, 1)).getpixel((0, 0)) == 255


def test_what_comes_first_stays_the_same_beside_others() -> None:
    alone, beside = made({})[0], made({}, {"format": "jpg"}, {"autocrop": True})[0]
    assert alone.data == beside.data


def test_the_sandbox_marks_each() -> None:
    large = picture((300, 200, 900, 500), (1200, 800))
    plain = made({}, {"format": "jpg"}, source=large)
    marked = made({}, {"format": "jpg"}, source=large, context=Run(sandbox=True))
    assert all(one.data != other.data for one, other in zip(plain, marked, strict=True))


@pytest.mark.parametrize(
    "variants",
    [[], [{}] * 21, [{"format": "avif"}], [{"maxPixels": 0}], [{"quality": 101}], [{"colour": "red"}],
     [{"format": "jpg", "background": "transparent"}], "png"],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_parameters_that_are_refused(variants: object) -> None:
    with pytest.raises(InvalidInput):
        CUT.merge({}, {"variants": variants})


def test_a_webp_has_its_longest_side() -> None:
    parameters = CUT.merge({}, {"variants": [{"format": "webp"}]})
    with pytest.raises(OutputTooLarge):
        CUT.check(parameters, (20_000, 100), max_pixels=50_000_000)
    CUT.check(parameters, (16_383, 100), max_pixels=50_000_000)


def test_it_is_offered_by_its_family_alone() -> None:
    assert "cut_variants" not in OPERATIONS
    with pytest.raises(NotFound, match="process"):
        find("nothing")
