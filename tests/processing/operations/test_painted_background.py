"""The operation generate_background without a style: in words, painted by an engine or not, and with an own picture."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from processing.engines.errors import ImageEngineFailed, PromptRefused
from processing.imaging import digital_source
from tests.processing.imaging.test_digital_source import told
from tests.support.backdrop_run import OPERATION, Painter, Surroundings, codes, photo, pixels, refused, run, saved


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
    result = run(b"", {"prompt": "a forest", "width": 120, "height": 80, "seed": 3}, Surroundings(painter=painter))
    (asked,) = painter.asked
    assert "a forest" in asked[0]
    assert asked[1:] == (120, 80, 3)
    assert (result.engine, result.runtime) == ("painter", "remote")
    assert np.abs(pixels(result)[10, 60] - (40, 160, 60)).max() < 3
    assert codes(result) == ["seed_without_effect"]
    assert told(result.data) == digital_source.TRAINED_ALGORITHMIC


def test_a_product_before_what_an_engine_painted() -> None:
    context = Surroundings(painter=Painter(takes_seed=True))
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
        run(b"", {"prompt": "a forest", "width": 50, "height": 50}, Surroundings(painter=painter))


def test_a_style_never_asks_the_engine() -> None:
    painter = Painter()
    run(b"", {"style": "oak", "width": 40, "height": 40}, Surroundings(painter=painter))
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


def test_an_image_beside_a_style_or_a_prompt_is_a_contradiction() -> None:
    assert set(refused({"style": "oak", "prompt": "wood"}, background_image=True)) == {"style", "prompt"}
    assert OPERATION.merge({}, {"blur": "0.02"}, background_image=True)
