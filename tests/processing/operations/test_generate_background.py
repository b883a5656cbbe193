"""The operation generate_background: alone, under a product, in words, with a picture of one's own."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from accounts.kit.errors import InvalidInput, PackshotError
from processing.engines.base import Engine
from processing.engines.errors import ImageEngineFailed, PromptRefused
from processing.engines.text_to_image import TextToImage
from processing.imaging import digital_source
from processing.imaging.arrays import RGB, Mask
from processing.imaging.backdrops.styles import STYLES
from processing.imaging.limits import Limits
from processing.imaging.upscaling.tiles import Upscaler
from processing.operations.base import STEPS, Result
from processing.operations.process import OutputTooLarge
from processing.operations.registry import find
from tests.processing.imaging.test_digital_source import told

OPERATION = find("generate_background")
PRODUCT = (150, 40, 30)


class Painter:
    """A text-to-image engine that paints a green wall over a brown table, or raises."""

    name = "painter"

    def __init__(self, *, takes_seed: bool = False, fails: PackshotError | None = None, data: bytes = b"") -> None:
        self.takes_seed = takes_seed
        self.fails = fails
        self.data = data
        self.asked: list[tuple[str, int, int, int]] = []

    def picture(self, prompt: str, *, width: int, height: int, seed: int) -> bytes:
        self.asked.append((prompt, width, height, seed))
        if self.fails:
            raise self.fails
        image = Image.new("RGB", (96, 64), (40, 160, 60))
        ImageDraw.Draw(image).rectangle((0, 38, 96, 64), fill=(120, 80, 40))
        return self.data or saved(image)


@dataclass
class Surroundings:
    """The context of one photo."""

    painter: TextToImage | None = None
    limits: Limits = field(default_factory=Limits)
    sandbox: bool = False
    files: dict[str, bytes] = field(default_factory=dict)
    stop_before: str = ""
    steps: list[str] = field(default_factory=list)

    def engine(self, name: str | None) -> Engine:
        return KnownBackdrop()

    def upscaler(self, name: str) -> Upscaler:
        raise NotImplementedError

    @contextmanager
    def step(self, name: str, *, brief: bool = False) -> Iterator[None]:
        if name == self.stop_before:
            raise Stopped("Stopped.")
        yield
        self.steps.append(name)

    def cached_mask(self, engine: Engine) -> Mask | None:
        return None

    def keep_mask(self, engine: Engine, mask: Mask) -> Mask:
        return mask

    def file(self, role: str) -> bytes | None:
        return self.files.get(role)

    def group_scale(self) -> float | None:
        return None

    def text_to_image(self) -> TextToImage | None:
        return self.painter


class KnownBackdrop:
    name, runtime = "known-backdrop", "numpy"

    def mask(self, rgb: RGB) -> Mask:
        sure: Mask = np.clip(np.abs(rgb.astype(np.float32) - (200, 210, 220)).max(axis=2) / 40, 0, 1).astype(np.float32)
        return sure


class Stopped(PackshotError):
    """The job was canceled."""


def saved(image: Image.Image, format: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format)
    return buffer.getvalue()


def photo(box: tuple[int, int, int, int] = (60, 40, 140, 160)) -> bytes:
    """A box of PRODUCT on a backdrop that the engine here knows, 200 × 200."""
    image = Image.new("RGB", (200, 200), (200, 210, 220))
    left, top, right, bottom = box
    ImageDraw.Draw(image).rectangle((left, top, right - 1, bottom - 1), fill=PRODUCT)
    return saved(image)


def run(source: bytes, given: dict[str, object], context: Surroundings | None = None) -> Result:
    context = context or Surroundings()
    given = {"format": "png", **given}
    return OPERATION.run(source, OPERATION.merge({}, given, background_image="background" in context.files), context)


def pixels(result: Result) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(result.data)).convert("RGB")).astype(np.float64)


def codes(result: Result) -> list[str]:
    return [warning.code for warning in result.warnings]


def refused(given: dict[str, object], *, background_image: bool = False) -> dict[str, str]:
    with pytest.raises(InvalidInput) as caught:
        OPERATION.merge({}, given, background_image=background_image)
    assert caught.value.status == 400
    return {error.field: error.detail for error in caught.value.errors}


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


def test_without_an_engine_the_prompt_chooses_a_style_and_says_so() -> None:
    result = run(b"", {"prompt": "pastel pink", "width": 80, "height": 80})
    (warning,) = result.warnings
    assert warning.code == "prompt_matched_style"
    assert "sweep" in warning.detail
    assert "pink" in warning.detail
    red, green, _ = pixels(result).reshape(-1, 3).mean(axis=0)
    assert red > green + 8
    kept = run(b"", {"prompt": "pink", "style": "concrete", "width": 80, "height": 80})
    assert "concrete" in kept.warnings[0].detail
    assert "none of its words" in run(b"", {"prompt": "xyz", "width": 9, "height": 9}).warnings[0].detail


def test_an_engine_paints_the_prompt() -> None:
    painter = Painter()
    result = run(b"", {"prompt": "a forest", "width": 120, "height": 80, "seed": 3}, Surroundings(painter))
    (asked,) = painter.asked
    assert "a forest" in asked[0]
    assert asked[1:] == (120, 80, 3)
    assert (result.engine, result.runtime) == ("painter", "remote")
    assert np.abs(pixels(result)[10, 60] - (40, 160, 60)).max() < 3
    assert codes(result) == ["seed_without_effect"]
    assert told(result.data) == digital_source.TRAINED_ALGORITHMIC


def test_a_product_before_what_an_engine_painted() -> None:
    context = Surroundings(Painter(takes_seed=True))
    result = run(photo(), {"prompt": "a forest", "width": 200, "height": 200, "seed": 3}, context)
    assert result.box
    assert result.box[1] + result.box[3] > 0.6 * 200
    assert result.engine == "known-backdrop"
    assert "seed_without_effect" not in codes(result)
    assert told(result.data) == digital_source.COMPOSITE_WITH_TRAINED_ALGORITHMIC


@pytest.mark.parametrize(
    "painter",
    [
        Painter(fails=PromptRefused("No.")),
        Painter(fails=ImageEngineFailed("Down.")),
        Painter(data=b"\x89PNG\r\n\x1a\nbroken"),
    ],
)
def test_an_engine_that_fails_fails_the_job(painter: Painter) -> None:
    with pytest.raises((PromptRefused, ImageEngineFailed)):
        run(b"", {"prompt": "a forest", "width": 50, "height": 50}, Surroundings(painter))


def test_a_style_never_asks_the_engine() -> None:
    painter = Painter()
    run(b"", {"style": "oak", "width": 40, "height": 40}, Surroundings(painter))
    assert painter.asked == []


def test_an_own_image_behind_the_product() -> None:
    own = Image.new("RGB", (300, 300), (90, 120, 200))
    ImageDraw.Draw(own).rectangle((0, 150, 300, 300), fill=(200, 190, 170))
    context = Surroundings(files={"background": saved(own, "PNG")})
    asked: dict[str, object] = {"width": 300, "height": 300, "horizon": 0.5}
    result = run(photo(), asked, context)
    found = pixels(result)
    assert tuple(found[20, 20]) == (90, 120, 200)
    assert result.box
    assert abs(result.box[1] + result.box[3] - round(150 + 0.58 * 150)) <= 1
    assert told(result.data) is None  # only its owner knows where it comes from
    soft = pixels(run(photo(), {**asked, "blur": 0.05}, context))
    assert np.abs(np.diff(soft[:, 5].mean(axis=1))).max() < 0.3 * np.abs(np.diff(found[:, 5].mean(axis=1))).max()


def test_a_transparent_own_image_lies_on_white() -> None:
    own = Image.new("RGBA", (60, 60), (255, 0, 0, 255))
    own.paste((255, 0, 0, 128), (0, 0, 30, 60))
    found = pixels(run(b"", {"width": 60, "height": 60}, Surroundings(files={"background": saved(own)})))
    assert tuple(found[30, 10]) == (255, 127, 127)
    assert tuple(found[30, 50]) == (255, 0, 0)


def test_neither_prompt_nor_style_nor_image() -> None:
    (detail,) = refused({"width": 100}).values()
    for wanted in ("style", "marble", "prompt", "backgroundImage"):
        assert wanted in detail
    assert refused({"prompt": "   "})["style"] == detail


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


def test_an_image_beside_a_style_or_a_prompt_is_a_contradiction() -> None:
    assert set(refused({"style": "oak", "prompt": "wood"}, background_image=True)) == {"style", "prompt"}
    assert OPERATION.merge({}, {"blur": "0.02"}, background_image=True)


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
