"""Colours, gradients and images behind the subject."""

from __future__ import annotations

import numpy as np
import pytest

from processing.imaging.background import cover, fill
from processing.imaging.colors import GRADIENT_DIRECTIONS, GradientDirection, Solid, parse_background

CORNERS = {  # top left, top right, bottom left, bottom right: 0 is the first colour, 1 the second
    "vertical": (0, 0, 1, 1),
    "horizontal": (0, 1, 0, 1),
    "diagonal-tl-br": (0, None, None, 1),
    "diagonal-bl-tr": (None, 1, 0, None),
}


def test_a_colour_is_exact_everywhere() -> None:
    canvas = fill(37, 21, Solid((255, 255, 255)))
    assert canvas.shape == (21, 37, 3)
    assert (canvas == 255).all()
    assert (fill(5, 4, Solid((1, 2, 3))) == (1, 2, 3)).all()


@pytest.mark.parametrize("direction", GRADIENT_DIRECTIONS)
def test_a_gradient_ends_on_its_two_colours(direction: GradientDirection) -> None:
    spec = parse_background("#ff8000:#0040ff", direction)
    assert spec is not None
    canvas = fill(301, 203, spec)
    ends = ((255, 128, 0), (0, 64, 255))
    for at, end in zip(((0, 0), (0, -1), (-1, 0), (-1, -1)), CORNERS[direction], strict=True):
        if end is None:
            assert np.abs(canvas[at].astype(int) - (128, 96, 128)).max() <= 1
        else:
            assert tuple(canvas[at]) == ends[end]


def test_a_gradient_has_no_bands_and_is_the_same_each_time() -> None:
    """Ten levels over 2000 rows would be bands of 200 rows: dithered, no two rows 30 apart have the same mean."""
    spec = parse_background("#ffffff:#f5f5f5")
    assert spec is not None
    canvas = fill(64, 2000, spec)
    means = canvas.mean(axis=(1, 2)).reshape(-1, 40).mean(axis=1)
    assert (np.diff(means) < 0).all()
    assert np.array_equal(canvas, fill(64, 2000, spec))
    wanted = 255 - 10 * np.linspace(0, 1, 2000)
    assert np.abs(canvas[:, :, 0].astype(float) - wanted[:, None]).max() < 1


def test_one_pixel_can_have_a_gradient() -> None:
    spec = parse_background("#102030:#ffffff", "diagonal-bl-tr")
    assert spec is not None
    assert fill(1, 1, spec).shape == (1, 1, 3)


@pytest.mark.parametrize("size", [(40, 10), (10, 40), (200, 200), (3, 7)])
def test_an_image_covers_the_canvas_from_its_middle(size: tuple[int, int]) -> None:
    image = np.zeros((60, 90, 3), np.uint8)
    image[:, :, 0] = np.linspace(0, 250, 90)[None, :]
    image[:, :, 1] = np.linspace(0, 250, 60)[:, None]
    covered = cover(image, *size)
    assert covered.shape == (size[1], size[0], 3)
    assert np.abs(covered.astype(float).mean(axis=(0, 1))[:2] - 125).max() < 3
    spread = np.ptp(covered[:, :, :2].reshape(-1, 2).astype(float), axis=0)
    assert max(spread) > 200  # one direction is shown whole


@pytest.mark.parametrize("text", ["red", "#12345", "#ffffff:", "#fff:#000:#fff", "", "ffffff", "#ggg"])
def test_what_is_no_background(text: str) -> None:
    with pytest.raises(ValueError):
        parse_background(text)


def test_short_and_upper_case_colours() -> None:
    assert parse_background("#FAB") == Solid((255, 170, 187))
    assert parse_background("Transparent") is None
