"""Networks that enlarge: which files are taken, and that no seam shows where their tiles meet."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from accounts.kit.errors import InvalidInput
from processing.engines import load
from processing.engines.add import add
from processing.engines.errors import BrokenModel, ModelNotInstalled
from processing.engines.verify import verify
from processing.imaging.upscaling.tiles import bands
from tests.support.tiny_networks import brightness_network, enlarging_network

pytestmark = pytest.mark.usefixtures("no_models_of_rembgs")


def _say(text: str) -> None:
    pass


def _photo(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(7).integers(0, 256, (height, width, 3), np.uint8)


def _expected(rgb: np.ndarray, scale: int) -> np.ndarray:
    """What the tiny network makes of the whole, worked out by hand."""
    wide = np.pad(rgb.astype(np.float64), ((0, 0), (2, 2), (0, 0)), "symmetric")
    mean = sum(wide[:, start : start + rgb.shape[1]] for start in range(5)) / 5
    return np.repeat(np.repeat(mean, scale, axis=0), scale, axis=1)


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_its_scale_is_found_out_and_its_file_added(tmp_path: Path, models: Path, scale: int) -> None:
    spec = add(
        enlarging_network(tmp_path / "mine.onnx", scale=scale), models, _say, kind="super-resolution"
    )  # fmt: skip
    assert (spec.name, spec.kind, spec.scale) == (f"super-resolution-x{scale}", "super-resolution", scale)
    assert spec.name in load.available(models)
    assert verify(spec, models).good
    assert load.load_upscaler(spec.name, models).factor == scale


@pytest.mark.parametrize(("scale", "side"), [(2, None), (3, 48), (4, 64)])
def test_no_seam_shows_between_tiles(tmp_path: Path, models: Path, scale: int, side: int | None) -> None:
    spec = add(enlarging_network(tmp_path / "mine.onnx", scale=scale, side=side), models, _say, kind="super-resolution")
    network = load.load_upscaler(spec.name, models, threads=1)
    rgb = _photo(70, 150)
    for tile in (network.tile, 13):
        made = np.concatenate(list(bands(rgb, network, tile=tile)))
        assert np.abs(made - _expected(rgb, scale)).max() <= 0.51


@pytest.mark.parametrize("size", [(1, 1), (3, 40), (200, 2)])
def test_a_picture_smaller_than_a_tile_is_enlarged(tmp_path: Path, models: Path, size: tuple[int, int]) -> None:
    add(enlarging_network(tmp_path / "mine.onnx", side=64), models, _say, kind="super-resolution")
    network = load.load_upscaler("super-resolution-x2", models, threads=1)
    made = np.concatenate(list(bands(_photo(*size), network)))
    assert np.abs(made - _expected(_photo(*size), 2)).max() <= 0.51


def test_neither_kind_is_taken_for_the_other(models: Path) -> None:
    with pytest.raises(
        InvalidInput, match="super-resolution-x2 enlarges pictures; it is not one that cuts products out"
    ):
        load.load("super-resolution-x2", models)
    with pytest.raises(InvalidInput, match="u2net cuts products out; it is not one that enlarges pictures") as caught:
        load.load_upscaler("u2net", models)
    assert caught.value.errors[0].field == "model"
    with pytest.raises(ModelNotInstalled, match="Installed: none of its kind"):
        load.load_upscaler("super-resolution-x4", models)


@pytest.mark.parametrize(
    ("scale", "gain", "name", "error", "why"),
    [
        (5, 1.0, None, InvalidInput, "enlarges 5 times; 2, 3 and 4"),
        (1, 1.0, None, BrokenModel, "does not enlarge"),
        (2, 255.0, None, BrokenModel, "values from 0 to 1"),
        (2, 1.0, "super-resolution-x4", BrokenModel, "enlarges 2 times, but super-resolution-x4 4 times"),
        (2, 1.0, "u2net", InvalidInput, "u2net cuts products out"),
    ],
)
def test_a_network_that_does_not_fit_is_refused_and_not_copied(
    tmp_path: Path, models: Path, scale: int, gain: float, name: str | None, error: type[Exception], why: str
) -> None:
    mine = enlarging_network(tmp_path / "mine.onnx", scale=scale, gain=gain)
    with pytest.raises(error, match=why):
        add(mine, models, _say, name=name, kind="super-resolution")
    assert not models.exists()


def test_a_segmentation_network_is_no_super_resolution_network(tmp_path: Path, models: Path) -> None:
    with pytest.raises(BrokenModel, match="does not answer with a picture"):
        add(brightness_network(tmp_path / "mine.onnx", side=64), models, _say, kind="super-resolution")
    one_channel = brightness_network(tmp_path / "grey.onnx", side=64, input_channels=1)
    with pytest.raises(BrokenModel, match="super-resolution float"):
        add(one_channel, models, _say, kind="super-resolution")
    with pytest.raises(InvalidInput, match="--kind super-resolution"):
        add(enlarging_network(tmp_path / "mine.onnx"), models, _say)
    assert not models.exists()


def test_a_file_that_enlarges_otherwise_than_its_name_says_fails_in_words(models: Path) -> None:
    models.mkdir()
    enlarging_network(models / "super-resolution-x4.onnx", scale=2)
    network = load.load_upscaler("super-resolution-x4", models)
    with pytest.raises(BrokenModel, match="does not enlarge 4 times"):
        network.enlarge(_photo(20, 20))
