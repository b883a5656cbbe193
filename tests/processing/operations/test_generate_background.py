"""The operation generate_background: in a style, alone and under a product; what it refuses, and what it costs."""

from __future__ import annotations

import re
import subprocess
import sys

import cv2
import numpy as np
import pytest

from processing.imaging import digital_source
from processing.imaging.backdrops.styles import STYLES
from processing.operations.base import STEPS
from processing.operations.output_size import OutputTooLarge
from tests.processing.imaging.test_digital_source import told
from tests.support.backdrop_run import OPERATION, PRODUCT, Surroundings, codes, photo, pixels, refused, run
from tests.support.operation_run import Stopped


def test_a_backdrop_by_itself() -> None:
    context = Surroundings()
    result = run(b"", {"style": "marble", "width": 160, "height": 120}, context)
    assert pixels(result).shape == (120, 160, 3)
    assert (result.box, result.coverage, result.confidence) == (None, None, None)
    assert (result.engine, result.warnings) == ("backdrop-marble", [])
    assert context.steps == ["compose", "encode"]
    assert told(result.data) == digital_source.ALGORITHMIC


def test_the_seed_repeats_the_very_file() -> None:
    asked: dict[str, object] = {"style": "oak", "width": 90, "height": 90, "seed": 11, "format": "jpg"}
    assert run(photo(), asked).data == run(photo(), asked).data
    assert run(photo(), asked).data != run(photo(), {**asked, "seed": 12}).data
    without = {name: value for name, value in asked.items() if name != "seed"}
    assert run(b"", without).data == run(b"", {**without, "seed": 0}).data


@pytest.mark.parametrize("style", sorted(STYLES))
def test_a_product_stands_on_its_surface_in_its_light(style: str) -> None:
    context = Surroundings()
    asked: dict[str, object] = {"style": style, "width": 300, "height": 300, "seed": 4}
    result = run(photo(), asked, context)
    bare, lit = pixels(run(photo(), {**asked, "shadow": False})), pixels(result)
    alone = pixels(run(b"", asked))
    assert context.steps == list(STEPS)
    assert result.box
    x, y, width, height = result.box
    assert abs(height - 180) <= 1  # about 60 % of the height
    assert abs(x + width / 2 - 150) <= 1
    assert STYLES[style].horizon * 300 < y + height < 285
    inside = (slice(y + 3, y + height - 3), slice(x + 3, x + width - 3))
    assert np.abs(lit[inside] - PRODUCT).max() <= 2
    assert np.array_equal(lit[inside], bare[inside])
    beside = np.abs(bare - alone).max(axis=2)
    beside[y - 2 : y + height + 2, x - 2 : x + width + 2] = 0
    assert beside.max() == 0  # without a shadow the backdrop is as it was
    if style != "gloss":  # on which there is little light to take away
        foot = alone[y + height : y + height + 3, x + 10 : x + width - 10].mean()
        assert lit[y + height : y + height + 3, x + 10 : x + width - 10].mean() < foot
        darker = cv2.GaussianBlur((alone - lit).mean(axis=2), (0, 0), 2)
        right = darker[y + height - 30 : y + height, x + width + 4 : x + width + 40].mean()
        left = darker[y + height - 30 : y + height, x - 40 : x - 4].mean()
        assert right > left + 1  # the light comes from the left
    assert told(result.data) == digital_source.COMPOSITE


def test_a_glossy_surface_mirrors_the_product() -> None:
    asked: dict[str, object] = {"style": "gloss", "width": 300, "height": 300}
    lit, alone = pixels(run(photo(), asked)), pixels(run(b"", asked))
    assert (lit - alone)[258:264, 130:170, 0].mean() > 8  # red, as the product is


def test_the_margin_and_the_side_are_chosen() -> None:
    result = run(photo(), {"style": "sweep", "width": 300, "height": 300, "margin": 0.1, "align": "right"})
    assert result.box
    x, y, width, height = result.box
    assert abs(x + width - 270) <= 1
    assert abs(y + height - 270) <= 1
    assert abs(y - 30) <= 1


def test_a_product_that_the_photo_cuts_off_below_has_no_ground() -> None:
    result = run(photo((60, 40, 140, 200)), {"style": "sweep", "width": 200, "height": 200})
    assert result.box
    assert result.box[1] + result.box[3] == 200
    assert {"subject_cut_off", "no_ground"} <= set(codes(result))


def test_an_unknown_style_is_told_which_there_are() -> None:
    detail = refused({"style": "beach"})["style"]
    for name in STYLES:
        assert name in detail


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"style": "oak", "seed": -1}, "seed"),
        ({"style": "oak", "seed": 2**32}, "seed"),
        ({"style": "oak", "seed": True}, "seed"),
        ({"style": "oak", "width": 0}, "width"),
        ({"style": "oak", "width": 9000, "height": 9000}, "height"),
        ({"style": "oak", "margin": 0.5}, "margin"),
        ({"style": "oak", "align": "bottom"}, "align"),
        ({"style": "oak", "blur": 0.05}, "blur"),
        ({"style": "oak", "horizon": 0.5}, "horizon"),
        ({"style": "oak", "fit": "cover"}, "fit"),
        ({"style": "oak", "model": "nonsense"}, "model"),
        ({"style": "oak", "colour": "red"}, "colour"),
        ({"prompt": "x" * 1001}, "prompt"),
    ],
)
def test_wrong_fields_are_named(given: dict[str, object], field: str) -> None:
    assert set(refused(given)) == {field}


def test_sizes_with_and_without_a_photo() -> None:
    def size(given: dict[str, object], photo: tuple[int, int]) -> tuple[int, int] | None:
        return OPERATION.size(OPERATION.merge({}, {"style": "oak", **given}), photo)

    assert size({}, (0, 0)) == (2000, 2000)
    assert size({"width": 300}, (0, 0)) == (300, 300)
    assert size({"width": 300, "height": 200}, (0, 0)) == (300, 200)
    assert size({}, (640, 480)) == (640, 480)
    assert size({"width": 320}, (640, 480)) == (320, 240)


def test_too_large_an_image_is_refused_before_anything_is_done() -> None:
    parameters = OPERATION.merge({}, {"style": "oak"})
    with pytest.raises(OutputTooLarge):
        OPERATION.check(parameters, (9000, 9000), max_pixels=50_000_000)
    with pytest.raises(OutputTooLarge):
        OPERATION.check(parameters, (0, 0), max_pixels=3_000_000)


@pytest.mark.parametrize("step", ["decode", "segment", "refine", "compose", "encode"])
def test_a_canceled_job_ends_before_its_next_step(step: str) -> None:
    context = Surroundings(stop_before=step)
    with pytest.raises(Stopped):
        run(photo(), {"style": "sweep", "width": 60, "height": 60}, context)
    assert context.steps == list(STEPS[: STEPS.index(step)])


def test_a_sandbox_marks_the_image() -> None:
    asked: dict[str, object] = {"style": "sweep", "width": 200, "height": 200}
    marked = pixels(run(b"", asked, Surroundings(sandbox=True)))
    assert np.abs(marked - pixels(run(b"", asked))).max() > 40


@pytest.mark.slow
@pytest.mark.parametrize("style", ["plaster", "window", "marble"])
def test_twelve_megapixels_stay_within_a_workers_memory(style: str) -> None:
    command = [sys.executable, "-m", "tests.benchmarks.backdrops", "12", style]
    line = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.search(r"peak +(\d+) MiB", line)
    assert found, line
    assert int(found[1]) < 1500
