from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
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


def cut_out() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Colours and an alpha with clear, soft and opaque parts, over several bands."""
    random = np.random.default_rng(5)
    colours = random.integers(0, 255, (900, 700, 3), np.uint8)
    alpha = np.zeros((900, 700), np.uint8)
    alpha[100:800, 100:600] = 255
    alpha[100:120, 100:600] = random.integers(1, 255, (20, 500), np.uint8)
    return colours, alpha


def test_what_alpha_hides_is_white_and_the_rest_is_kept() -> None:
    colours, alpha = cut_out()
    expected = np.dstack([np.where(alpha[..., None] == 0, 255, colours), alpha])
    for order in (slice(None), slice(None, None, -1)):  # the second is a view
        data = write_png(colours[:, order], alpha[:, order])
        assert np.array_equal(np.asarray(Image.open(io.BytesIO(data))), expected[:, order])


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_libpng_reads_the_same(channels: int) -> None:
    pixels = np.random.default_rng(channels).integers(0, 255, (300, 421, channels), np.uint8)
    read = cv2.imdecode(np.frombuffer(write_png(pixels), np.uint8), cv2.IMREAD_UNCHANGED)
    assert read is not None
    turned = read.reshape(pixels.shape) if channels == 1 else read[..., [2, 1, 0, 3][:channels]]
    assert np.array_equal(turned, pixels)


def test_libpng_reads_a_cut_out() -> None:
    colours, alpha = cut_out()
    read = cv2.imdecode(np.frombuffer(write_png(colours, alpha), np.uint8), cv2.IMREAD_UNCHANGED)
    assert read is not None
    assert np.array_equal(read[..., 3], alpha)
    assert np.array_equal(read[..., 2::-1][alpha > 0], colours[alpha > 0])
