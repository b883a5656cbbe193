from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from processing.imaging import png
from processing.imaging.png import write_png
from processing.imaging.profiles import srgb_profile


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("size", [(1, 1), (1, 70), (70, 1), (123, 61), (900, 700)])
def test_no_bit_is_lost(channels: int, size: tuple[int, int]) -> None:
    pixels = np.random.default_rng(channels).integers(0, 255, (*size, channels), np.uint8)
    image = Image.open(io.BytesIO(write_png(pixels)))
    image.load()
    assert np.array_equal(np.asarray(image).reshape(pixels.shape), pixels)


def test_nor_where_a_row_is_longer_than_a_band() -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (3, png._BAND // 3 + 5, 3), np.uint8)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(write_png(pixels)))), pixels)


def test_nor_of_a_view_into_a_larger_array() -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (40, 50, 4), np.uint8)[5:30:2, ::-1, :3]
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(write_png(pixels)))), pixels)


def test_it_is_tagged_as_srgb() -> None:
    colored = Image.open(io.BytesIO(write_png(np.zeros((4, 4, 3), np.uint8))))
    grey = Image.open(io.BytesIO(write_png(np.zeros((4, 4), np.uint8))))
    assert colored.info == {"icc_profile": srgb_profile()}
    assert grey.info == {"srgb": 0}


def test_plain_areas_cost_next_to_nothing() -> None:
    assert len(write_png(np.full((2000, 2000, 3), 255, np.uint8))) < 60_000
