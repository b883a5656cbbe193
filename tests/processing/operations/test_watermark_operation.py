"""watermark: a line of text in one of nine places, or all over."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from accounts.kit.errors import InvalidInput
from processing.imaging.limits import Limits
from processing.operations.base import Result
from processing.operations.output_size import OutputTooLarge
from processing.operations.registry import find
from tests.support.operation_run import Run, Stopped

WATERMARK = find("watermark")
GREY = 120
WIDTH, HEIGHT = 300, 240


def _photo(*, level: int = GREY, clear: bool = False, size: tuple[int, int] = (WIDTH, HEIGHT)) -> bytes:
    pixels = np.full((size[1], size[0], 4 if clear else 3), level, np.uint8)
    if clear:
        pixels[:, :, 3] = 0
        pixels[80:160, 100:200, 3] = 255
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def _run(
    given: dict[str, object], source: bytes | None = None, context: Run | None = None
) -> tuple[Result, np.ndarray]:
    merged = WATERMARK.merge({}, {"text": "Abc 12", "format": "png", **given})
    result = WATERMARK.run(source or _photo(), merged, context or Run())
    return result, np.asarray(Image.open(io.BytesIO(result.data)))


def _ink(pixels: np.ndarray, level: int = GREY) -> tuple[int, int, int, int]:
    """Left, top, right, bottom (exclusive) of what is not the photo's grey."""
    rows, columns = np.nonzero((pixels[:, :, :3] != level).any(axis=2))
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


@pytest.mark.parametrize("vertical", ["top", "", "bottom"])
@pytest.mark.parametrize("horizontal", ["left", "", "right"])
def test_the_nine_places(vertical: str, horizontal: str) -> None:
    position = "-".join(filter(None, (vertical, horizontal))) or "center"
    result, pixels = _run({"position": position, "margin": 0.1})
    left, top, right, bottom = _ink(pixels)
    margin = 24
    across = {"left": left - margin, "right": WIDTH - margin - right, "": (left + right - WIDTH) / 2}[horizontal]
    down = {"top": top - margin, "bottom": HEIGHT - margin - bottom, "": (top + bottom - HEIGHT) / 2}[vertical]
    assert abs(across) <= 1.5
    assert abs(down) <= 1.5
    assert result.warnings == []


def test_a_tile_is_everywhere_and_its_margin_lies_between_the_words() -> None:
    _, pixels = _run({"position": "tile", "margin": 0})
    ink = (pixels != GREY).any(axis=2)
    blocks = ink.reshape(4, HEIGHT // 4, 3, WIDTH // 3).any(axis=(1, 3))
    assert blocks.all()
    _, wide = _run({"position": "tile", "margin": 0.3})
    assert (wide != GREY).any(axis=2).mean() < 0.5 * ink.mean()


def test_opacity_size_and_colour() -> None:
    _, solid = _run({"opacity": 1, "color": "#f00", "size": 0.3, "position": "center"})
    assert (solid.reshape(-1, 3) == (255, 0, 0)).all(axis=1).any()
    _, faint = _run({"opacity": 0.1, "color": "#f00", "size": 0.3, "position": "center"})
    assert 0 < np.abs(faint.astype(int) - GREY).max() <= 0.1 * (255 - GREY) + 2
    assert _ink(faint) == _ink(solid)
    small, large = (_ink(_run({"size": size, "position": "center"})[1]) for size in (0.1, 0.3))
    assert (large[3] - large[1]) == pytest.approx(3 * (small[3] - small[1]), rel=0.15)


@pytest.mark.parametrize(("level", "color"), [(255, "#ffffff"), (0, "#000000")])
def test_white_on_white_and_black_on_black_can_be_read(level: int, color: str) -> None:
    _, pixels = _run({"color": color}, _photo(level=level))
    assert np.abs(pixels.astype(int) - level).max() >= 60


def test_a_text_that_does_not_fit_is_drawn_smaller_and_the_owner_is_told() -> None:
    result, pixels = _run({"text": "A rather long line of text", "size": 0.5, "margin": 0.1})
    left, _, right, _ = _ink(pixels)
    assert left >= 23
    assert right <= WIDTH - 23
    assert [warning.code for warning in result.warnings] == ["text_reduced"]
    tiny, pixels = _run({}, _photo(size=(8, 5)))
    assert pixels.shape == (5, 8, 3)
    assert [warning.code for warning in tiny.warnings] == ["text_reduced"]


def test_transparency_is_kept() -> None:
    result, pixels = _run({"format": "webp", "position": "center", "size": 0.1}, _photo(clear=True))
    assert (result.format, pixels.shape) == ("webp", (HEIGHT, WIDTH, 4))
    assert (pixels[:60, :, 3] == 0).all()
    assert (pixels[80:160, 100:200, 3] == 255).all()


@pytest.mark.parametrize(
    ("given", "field", "told"),
    [
        ({"text": ""}, "text", "empty"),
        ({"text": "Café 漢"}, "text", "é, 漢"),
        ({"text": "two\nlines"}, "text", "U+000A"),
        ({"text": "x" * 101}, "text", "100"),
        ({"position": "middle"}, "position", "center"),
        ({"opacity": 0}, "opacity", "0.05"),
        ({"size": 0.6}, "size", "0.5"),
        ({"color": "red"}, "color", "#ffffff"),
        ({"margin": 0.5}, "margin", "0.49"),
        ({"angle": 45}, "angle", "angle"),
    ],
)
def test_what_cannot_be_is_refused_by_name(given: dict[str, object], field: str, told: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        WATERMARK.merge({}, {"text": "Abc", **given})
    (error,) = refused.value.errors
    assert error.field == field
    assert told in error.detail


def test_without_a_text_or_with_a_preset_it_is_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        WATERMARK.merge({}, {})
    assert [error.field for error in refused.value.errors] == ["text"]
    with pytest.raises(InvalidInput) as refused:
        WATERMARK.merge({"text": "Abc"}, {"text": "Abc"})
    assert refused.value.field == "preset"


def test_limits_cancel_and_the_sandbox() -> None:
    with pytest.raises(OutputTooLarge):
        WATERMARK.check(WATERMARK.merge({}, {"text": "A"}), (400, 400), max_pixels=159_999)
    with pytest.raises(Exception, match="megapixels"):
        _run({}, context=Run(limits=Limits(max_pixels=WIDTH * HEIGHT - 1)))
    context = Run(stop_before="compose")
    with pytest.raises(Stopped):
        _run({}, context=context)
    assert context.steps == ["decode"]
    _, plain = _run({})
    _, marked = _run({}, context=Run(sandbox=True))
    assert (plain != marked).any()
