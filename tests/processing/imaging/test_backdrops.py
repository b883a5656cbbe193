"""Built-in backdrops: repeatable, smooth, lit from their side, with the surface where it is said to be."""

from __future__ import annotations

from typing import get_args

import cv2
import numpy as np
import pytest

from processing.imaging.arrays import RGB
from processing.imaging.backdrops.own_image import blurred, fitted
from processing.imaging.backdrops.paint import paint
from processing.imaging.backdrops.standing import ground_row, stand
from processing.imaging.backdrops.styles import STYLES
from processing.operations.generate_background import StyleName

EVERY = sorted(STYLES)
SMOOTH = ("sweep", "gradient", "gloss")
TEXTURED = tuple(name for name in EVERY if name not in SMOOTH)


def brightness(picture: RGB) -> np.ndarray:
    grey: np.ndarray = picture.astype(np.float64).mean(axis=2)
    return grey


def test_the_parameter_offers_exactly_the_styles_there_are() -> None:
    assert get_args(StyleName) == tuple(STYLES)


@pytest.mark.parametrize("style", EVERY)
def test_the_same_seed_is_the_same_bytes_and_another_is_another_picture(style: str) -> None:
    first = paint(style, 180, 150, 7)
    assert first.shape == (150, 180, 3)
    assert first.dtype == np.uint8
    assert np.array_equal(first, paint(style, 180, 150, 7))
    other = paint(style, 180, 150, 8)
    soft = [cv2.GaussianBlur(brightness(each), (0, 0), 3) for each in (first, other)]
    assert np.abs(soft[0] - soft[1]).max() > 3  # not its grain alone
    assert abs(soft[0].mean() - soft[1].mean()) < 40  # and of the same kind


@pytest.mark.parametrize("style", SMOOTH)
def test_a_slow_gradient_has_no_bands(style: str) -> None:
    """A band is a run of rows that agree, then a step. With dither, means of blocks move by parts of a level."""
    picture = paint(style, 512, 512, 3)
    blocks = picture[:, :, 1].astype(np.float64).reshape(64, 8, 4, 128).mean(axis=(1, 3))  # 8 rows × 128 columns
    parts = blocks - np.floor(blocks)
    assert ((parts > 0.1) & (parts < 0.9)).mean() > 0.6
    assert np.abs(np.diff(blocks, axis=0)).max() < 8
    flat = np.all(picture[1:] == picture[:-1], axis=2)
    assert flat.mean() < 0.5


@pytest.mark.parametrize("style", TEXTURED)
def test_the_surface_begins_at_its_horizon_and_the_far_part_is_out_of_focus(style: str) -> None:
    picture = paint(style, 400, 400, 5)
    detail = np.abs(cv2.Laplacian(cv2.GaussianBlur(brightness(picture), (0, 0), 0.8), cv2.CV_64F)).mean(axis=1)
    back = round(STYLES[style].horizon * 400)
    assert detail[370:].mean() > 1.02 * detail[back - 60 : back - 20].mean()
    rows = cv2.GaussianBlur(brightness(picture).mean(axis=1)[:, None], (0, 0), 3)[:, 0]
    change = np.abs(np.diff(rows))[back - 60 : back + 60]
    assert abs(int(change.argmax()) - 60) < 34  # the wall turns into the table there


@pytest.mark.parametrize("style", [name for name in EVERY if name not in ("gradient", "gloss", "window")])
def test_the_side_of_the_light_is_brighter(style: str) -> None:
    assert 180 < STYLES[style].light.direction < 360  # from the left
    wall = brightness(paint(style, 240, 240, 2))[20:120]
    assert wall[:, :80].mean() > wall[:, 160:].mean() + 3


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_sun_falls_on_wall_and_table_where_the_product_stands(seed: int) -> None:
    lit = brightness(paint("window", 300, 300, seed))
    assert np.percentile(lit, 90) - np.percentile(lit, 10) > 45
    row = round(ground_row(300, 300, STYLES["window"].horizon, None))
    # The shadow of a bar may cross the place.
    assert np.percentile(lit[row - 4 : row + 4, 120:180], 70) > lit.mean() + 8


@pytest.mark.parametrize("style", EVERY)
def test_a_colour_is_taken(style: str) -> None:
    picture = paint(style, 120, 120, 1, (230, 140, 164))
    red, green, blue = picture.reshape(-1, 3).mean(axis=0)
    own = paint(style, 120, 120, 1).reshape(-1, 3).mean(axis=0)
    assert red - green > own[0] - own[1] + 4 or red - green > 25
    assert red > blue


@pytest.mark.parametrize("size", [(1, 1), (40, 400), (400, 40)])
@pytest.mark.parametrize("style", EVERY)
def test_any_shape_of_canvas(style: str, size: tuple[int, int]) -> None:
    assert paint(style, *size, 2**32 - 1).shape == (size[1], size[0], 3)


def test_a_product_stands_on_the_surface_at_its_usual_size() -> None:
    placement = stand(
        (500, 500), (100, 50, 300, 400), frozenset(), (1000, 1000), horizon=0.6, margin=None, across="center"
    )
    x, y, width, height = placement.subject_box
    assert height == 600
    assert abs(x + width / 2 - 500) <= 1
    assert y + height == round(ground_row(1000, 1000, 0.6, None)) == 832


def test_a_margin_never_lifts_the_product_off_the_surface() -> None:
    box = (100, 50, 300, 400)
    for margin in (0.0, 0.05, 0.2, 0.49):
        placed = stand((500, 500), box, frozenset(), (1000, 800), horizon=0.6, margin=margin, across="left")
        x, y, _, height = placed.subject_box
        assert y + height > 0.6 * 800
        assert x == round(margin * 800)
    assert y >= 0


def test_an_own_image_is_cropped_or_shown_whole() -> None:
    wide = np.full((100, 300, 3), 90, np.uint8)
    wide[:, :100], wide[:, 200:] = (255, 0, 0), (0, 0, 255)
    assert np.ptp(fitted(wide, 100, 100, "cover")) == 0  # its grey middle alone
    whole = fitted(wide, 150, 150, "contain")
    assert tuple(whole[75, 10]) == (255, 0, 0)
    assert tuple(whole[75, 140]) == (0, 0, 255)


def test_a_picture_shown_whole_goes_on_without_a_seam() -> None:
    rows = np.linspace(40, 200, 100).astype(np.uint8)
    image = np.ascontiguousarray(np.repeat(np.repeat(rows[:, None, None], 200, axis=1), 3, axis=2))
    whole = fitted(image, 200, 300, "contain").astype(int)
    assert np.array_equal(whole[100:200], image)  # all of it, as it is
    assert np.abs(np.diff(whole[:, 100, 0])).max() <= 4
    assert np.ptp(whole[0, :, 0]) < 6


def test_a_blur_takes_detail_and_keeps_the_light() -> None:
    stripes = np.repeat(np.where(np.arange(200) % 4 < 2, 200, 40).astype(np.uint8)[None, :, None], 200, axis=0)
    picture = np.ascontiguousarray(np.repeat(stripes, 3, axis=2))
    soft = blurred(picture, 0.03)
    assert soft.shape == picture.shape
    assert soft[20:-20, 20:-20].std() < 3
    assert abs(float(soft.mean()) - float(picture.mean())) < 2
    assert blurred(picture, 0.0) is picture
