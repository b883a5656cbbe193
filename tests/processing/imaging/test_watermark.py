"""The watermark of test keys."""

from __future__ import annotations

import numpy as np
import pytest

from processing.imaging.watermark import watermark


@pytest.mark.parametrize("ground", [0, 128, 255])
def test_it_is_seen_everywhere_on_any_ground(ground: int) -> None:
    image = np.full((600, 900, 3), ground, np.uint8)
    watermark(image, None)
    changed = np.abs(image[:, :, 0].astype(int) - ground) > 60
    for top in range(0, 600, 200):
        for left in range(0, 900, 300):
            assert changed[top : top + 200, left : left + 300].mean() > 0.01


def test_it_is_seen_on_transparent() -> None:
    image, alpha = np.full((300, 300, 3), 255, np.uint8), np.zeros((300, 300), np.uint8)
    watermark(image, alpha)
    assert (alpha > 100).mean() > 0.02
    assert image[alpha > 100].min() < 100


def test_the_same_image_gets_the_same_pixels() -> None:
    one, two = np.full((211, 307, 3), 90, np.uint8), np.full((211, 307, 3), 90, np.uint8)
    watermark(one, None)
    watermark(two, None)
    assert np.array_equal(one, two)


def test_one_pixel_is_not_too_small() -> None:
    watermark(np.zeros((1, 1, 3), np.uint8), None)
