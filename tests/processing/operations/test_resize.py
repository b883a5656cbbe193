"""resize: four ways into a size, never larger than the picture unless that is asked for."""

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

RESIZE = find("resize")
LEFT, RIGHT = (200, 30, 30), (30, 30, 200)


def _photo(width: int = 200, height: int = 100, *, alpha: bool = False) -> bytes:
    """The left half red, the right half blue; with `alpha`, the outer quarters are clear."""
    pixels = np.zeros((height, width, 4), np.uint8)
    pixels[:, : width // 2, :3], pixels[:, width // 2 :, :3] = LEFT, RIGHT
    pixels[:, :, 3] = 255
    if alpha:
        pixels[:, : width // 4, 3] = pixels[:, -(width // 4) :, 3] = 0
    buffer = io.BytesIO()
    Image.fromarray(pixels if alpha else pixels[:, :, :3]).save(buffer, "PNG")
    return buffer.getvalue()


def _run(source: bytes, given: dict[str, object], context: Run | None = None) -> tuple[Result, np.ndarray]:
    result = RESIZE.run(source, RESIZE.merge({}, given), context or Run())
    return result, np.asarray(Image.open(io.BytesIO(result.data)))


def _codes(result: Result) -> list[str]:
    return [warning.code for warning in result.warnings]


@pytest.mark.parametrize(
    ("given", "size"),
    [
        ({"width": 100}, (100, 50)),
        ({"height": "20"}, (40, 20)),
        ({"width": 100, "height": 100}, (100, 50)),
        ({"width": 60, "height": 60, "fit": "cover"}, (60, 60)),
        ({"width": 60, "height": 60, "fit": "pad"}, (60, 60)),
        ({"width": 60, "height": 60, "fit": "stretch"}, (60, 60)),
    ],
)
def test_what_is_asked_for_is_what_size_says_and_run_makes(given: dict[str, object], size: tuple[int, int]) -> None:
    result, pixels = _run(_photo(), {**given, "format": "png"})
    assert RESIZE.size(RESIZE.merge({}, given), (200, 100)) == size
    assert (result.width, result.height) == size
    assert pixels.shape == (size[1], size[0], 3)
    assert result.warnings == []


def test_cover_cuts_off_evenly_and_pad_puts_the_picture_in_the_middle() -> None:
    _, covered = _run(_photo(), {"width": 60, "height": 60, "fit": "cover", "format": "png"})
    assert np.abs(covered[:, :29].astype(int) - LEFT).max() <= 1
    assert np.abs(covered[:, 31:].astype(int) - RIGHT).max() <= 1
    result, padded = _run(_photo(), {"width": 60, "height": 60, "fit": "pad", "background": "#00ff00", "format": "png"})
    assert (padded[:15] == (0, 255, 0)).all()
    assert (padded[-15:] == (0, 255, 0)).all()
    assert np.abs(padded[15:45, :29].astype(int) - LEFT).max() <= 1
    assert result.frame == (0, 15, 60, 30)


@pytest.mark.parametrize(
    ("fit", "size"), [("contain", (200, 100)), ("cover", (100, 100)), ("pad", (400, 400)), ("stretch", (100, 100))]
)
def test_a_small_picture_stays_small_and_the_owner_is_told(fit: str, size: tuple[int, int]) -> None:
    result, pixels = _run(_photo(), {"width": 400, "height": 400, "fit": fit, "format": "png"})
    assert (result.width, result.height) == size
    assert _codes(result) == ["not_enlarged"]
    if fit == "pad":
        assert (pixels[:150] == 255).all()
        assert (pixels[150:250, 100:200] == LEFT).all()


def test_enlarge_enlarges_and_says_that_some_marketplaces_refuse_it() -> None:
    result, pixels = _run(_photo(), {"width": 500, "enlarge": "true", "format": "png"})
    assert pixels.shape == (250, 500, 3)
    assert _codes(result) == ["upscaled", "enlarged"]
    assert result.scale == 2.5


def test_transparency_is_kept_without_a_fringe() -> None:
    result, pixels = _run(_photo(alpha=True), {"width": 60})
    assert result.format == "png"
    assert pixels.shape == (30, 60, 4)
    assert (pixels[:, :14, 3] == 0).all()
    assert (pixels[:, 16:44, 3] == 255).all()
    seen = pixels[:, 14:29][pixels[:, 14:29, 3] > 0][:, :3].astype(int)
    assert np.abs(seen - LEFT).max() <= 3
    _, padded = _run(_photo(alpha=True), {"width": 60, "height": 60, "fit": "pad"})
    assert (padded[:15, :, 3] == 0).all()
    _, white = _run(_photo(alpha=True), {"width": 60, "format": "jpg"})
    assert white.shape == (30, 60, 3)
    assert white[:, :12].min() >= 250
    _, on_green = _run(_photo(alpha=True), {"width": 60, "height": 60, "fit": "pad", "background": "#00ff00"})
    assert np.abs(on_green[30, 5].astype(int) - (0, 255, 0)).max() <= 3


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "width"),
        ({"width": 60, "fit": "cover"}, "height"),
        ({"height": 60, "fit": "pad"}, "width"),
        ({"width": 60, "height": 60, "fit": "fill"}, "fit"),
        ({"width": 60, "background": "#ffffff"}, "background"),
        ({"width": 60, "height": 60, "fit": "pad", "background": "pink"}, "background"),
        ({"width": 60, "height": 60, "fit": "pad", "background": "transparent", "format": "jpg"}, "background"),
        ({"width": 0}, "width"),
        ({"width": 10_001}, "width"),
        ({"width": 60, "enlarge": "perhaps"}, "enlarge"),
        ({"width": 60, "sharpen": 1}, "sharpen"),
    ],
)
def test_what_cannot_be_is_refused_by_name(given: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        RESIZE.merge({}, given)
    assert [error.field for error in refused.value.errors] == [field]


def test_presets_and_backgrounds_are_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        RESIZE.merge({"width": 60}, {"width": 60})
    assert refused.value.field == "preset"
    with pytest.raises(InvalidInput) as refused:
        RESIZE.merge({}, {"width": 60}, background_image=True)
    assert refused.value.field == "backgroundImage"


def test_the_installations_limit_holds_at_submit_and_while_running() -> None:
    wide = RESIZE.merge({}, {"width": 100, "height": 100, "fit": "pad"})
    with pytest.raises(OutputTooLarge):
        RESIZE.check(wide, (20, 20), max_pixels=9_999)
    RESIZE.check(wide, (20, 20), max_pixels=10_000)
    with pytest.raises(OutputTooLarge):
        RESIZE.run(_photo(20, 20), wide, Run(limits=Limits(max_pixels=9_999)))


def test_a_cancelled_job_ends_between_steps_and_a_test_keys_image_is_marked() -> None:
    context = Run(stop_before="compose")
    with pytest.raises(Stopped):
        _run(_photo(), {"width": 60}, context)
    assert context.steps == ["decode"]
    _, plain = _run(_photo(), {"width": 100, "format": "png"})
    _, marked = _run(_photo(), {"width": 100, "format": "png"}, Run(sandbox=True))
    assert (plain != marked).any()
