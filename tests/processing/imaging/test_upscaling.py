"""The built-in upscaler: exact where nothing is to be guessed, better than Lanczos where it is, and it never rings."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import pytest
from PIL import Image

from processing.imaging.upscaling.back_projection import BackProjection
from processing.imaging.upscaling.extend import extend
from processing.imaging.upscaling.tiles import bands
from processing.imaging.upscaling.to_size import our_own, to_size, upscale
from tests.support.pictures.solid import solid

FACTORS = (2, 3, 4)


def _enlarged(pixels: np.ndarray, factor: int, tile: int | None = None) -> np.ndarray:
    return np.concatenate(list(bands(pixels, BackProjection(factor), tile=tile)))


@cache
def _product() -> np.ndarray:
    picture = solid(5, size=(300, 240))
    alpha = picture.alpha[..., None]
    return np.clip(np.round(alpha * picture.foreground + 255 * (1 - alpha)), 0, 255).astype(np.uint8)


def _on_white(factor: int) -> np.ndarray:
    """A product on white, its sides a multiple of `factor`."""
    rgb = _product()
    return rgb[: rgb.shape[0] // factor * factor, : rgb.shape[1] // factor * factor]


def _smaller(rgb: np.ndarray, factor: int) -> np.ndarray:
    size = rgb.shape[1] // factor, rgb.shape[0] // factor
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)


def _error(made: np.ndarray, true: np.ndarray) -> float:
    return float(np.mean((made.astype(np.float64) - true) ** 2))


@pytest.mark.parametrize("factor", FACTORS)
def test_any_tile_gives_the_same_picture(factor: int) -> None:
    rgb = np.random.default_rng(factor).integers(0, 256, (60, 50, 3), np.uint8)
    rgb[15:55, 5:45] = _smaller(_on_white(2), 2)[40:80, 50:90]
    for pixels in (rgb, np.ascontiguousarray(rgb[:, :, 0])):
        whole = _enlarged(pixels, factor)
        assert whole.shape[:2] == (60 * factor, 50 * factor)
        for tile in (23, 41):
            assert np.array_equal(_enlarged(pixels, factor, tile), whole)


@pytest.mark.parametrize("factor", FACTORS)
def test_it_is_closer_to_the_truth_than_lanczos(factor: int) -> None:
    true = _on_white(factor)
    small = _smaller(true, factor)
    lanczos = np.asarray(Image.fromarray(small).resize(true.shape[1::-1], Image.Resampling.LANCZOS))
    assert _error(_enlarged(small, factor), true) < 0.7 * _error(lanczos, true)


@pytest.mark.parametrize("factor", FACTORS)
def test_averaged_again_it_is_the_photo(factor: int) -> None:
    small = _smaller(_on_white(factor), factor)
    again = _smaller(_enlarged(small, factor), factor)
    assert np.abs(again.astype(int) - small).mean() < 0.5


@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.parametrize(("product", "backdrop"), [((30, 40, 120), 255), ((200, 30, 30), 235), ((250, 240, 60), 20)])
def test_nothing_rings_beside_an_edge(factor: int, product: tuple[int, int, int], backdrop: int) -> None:
    image = Image.new("RGB", (400, 400), (backdrop,) * 3)
    image.paste(product, mask=Image.fromarray(_disc(400)))
    small = np.asarray(image.resize((100, 100), Image.Resampling.BOX))
    made = _enlarged(small, factor)
    low, high = np.minimum(product, backdrop), np.maximum(product, backdrop)
    assert (made >= low).all()
    assert (made <= high).all()
    # A pixel away from the edge, on either side, nothing has changed at all.
    edge = cv2.morphologyEx(small, cv2.MORPH_GRADIENT, np.ones((3, 3))).max(axis=2) > 0
    away = np.kron(~edge, np.ones((factor, factor), bool))
    assert np.array_equal(made[away], np.kron(small, np.ones((factor, factor, 1), np.uint8))[away])


def _disc(side: int) -> np.ndarray:
    down, across = np.mgrid[:side, :side] - side / 2 + 0.5
    return np.where(np.hypot(down, across) < 0.35 * side, 255, 0).astype(np.uint8)


@pytest.mark.parametrize("factor", FACTORS)
def test_a_slanted_edge_has_fewer_stairs_than_with_lanczos(factor: int) -> None:
    down, across = np.mgrid[:320, :320]
    true = np.where(across > 100 + 0.3 * down, 255, 30).astype(np.uint8)[: 320 // factor * factor]
    true = np.repeat(true[:, : 320 // factor * factor, None], 3, axis=2)
    small = _smaller(true, factor)
    lanczos = np.asarray(Image.fromarray(small).resize(true.shape[1::-1], Image.Resampling.LANCZOS))
    assert _error(_enlarged(small, factor), true) < 0.7 * _error(lanczos, true)


@pytest.mark.parametrize("size", [(100, 75), (101, 76), (150, 113), (233, 175), (401, 300), (1000, 750)])
def test_any_size_is_reached_and_a_plain_picture_stays_plain(size: tuple[int, int]) -> None:
    made = to_size(np.full((75, 100, 3), (12, 200, 255), np.uint8), size, our_own)
    assert made.shape == (size[1], size[0], 3)
    assert (made == (12, 200, 255)).all()


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (2, 3)])
def test_the_smallest_pictures_are_enlarged(size: tuple[int, int]) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (*size, 3), np.uint8)
    assert to_size(pixels, (4 * size[1], 4 * size[0]), our_own).shape == (4 * size[0], 4 * size[1], 3)


@pytest.mark.parametrize("scale", [1.5, 3.0])
def test_a_cut_out_keeps_its_edge_without_a_fringe(scale: float) -> None:
    alpha = np.asarray(Image.fromarray(_disc(480)).resize((120, 120), Image.Resampling.BOX))
    rgb = np.zeros((120, 120, 3), np.uint8)  # black, and would show, where it is clear
    rgb[alpha > 0] = (240, 180, 20)
    side = round(120 * scale)
    colors, opacity = upscale(rgb, alpha, (side, side))
    assert opacity is not None
    assert np.abs(colors[opacity > 0].astype(int) - (240, 180, 20)).max() <= 1
    inside = cv2.erode(np.asarray(alpha == 255, np.uint8), np.ones((5, 5)))
    outside = cv2.erode(np.asarray(alpha == 0, np.uint8), np.ones((5, 5)))
    for region, level in ((inside, 255), (outside, 0)):
        assert (opacity[cv2.resize(region, (side, side), interpolation=cv2.INTER_NEAREST) > 0] == level).all()
    assert opacity.mean() == pytest.approx(alpha.mean(), rel=0.01)


def test_colours_are_carried_on_from_where_they_are_seen() -> None:
    rgb = np.full((64, 64, 3), 255, np.uint8)
    alpha = np.zeros((64, 64), np.uint8)
    rgb[:, :20], alpha[:, :20] = (10, 90, 30), 255
    rgb[:, 20], alpha[:, 20] = (255, 0, 255), 3  # eight bits of nearly nothing
    carried = extend(rgb, alpha).astype(int)
    assert np.abs(carried[:, :30] - (10, 90, 30)).max() <= 16
    assert np.array_equal(carried[:, :20], rgb[:, :20])
