"""The engine around ONNX Runtime, with a network whose answer can be worked out by hand."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from processing.engines.errors import BrokenModel
from processing.engines.onnx import OnnxEngine
from processing.engines.spec import ModelFile, ModelSpec, Normalisation
from processing.engines.tensor import resize, to_tensor
from tests.support.tiny_networks import brightness_network

_NORMALISATION = Normalisation(mean=(0.5, 0.25, 0.0), deviation=(1.0, 0.5, 2.0))
_SPEC = ModelSpec(
    name="tiny",
    title="tiny",
    session="onnx",
    licence="none",
    files=(ModelFile("tiny.onnx"),),
    input_size=(8, 8),
    normalisation=Normalisation((0.5, 0.5, 0.5), (1.0, 1.0, 1.0)),
)


@pytest.fixture
def engine(tmp_path: Path) -> OnnxEngine:
    return OnnxEngine(_SPEC, brightness_network(tmp_path / "tiny.onnx"), threads=1)


def test_the_photo_is_normalised_channel_by_channel_to_its_brightest_value() -> None:
    rgb = np.zeros((2, 2, 3), np.uint8)
    rgb[..., 0], rgb[..., 1], rgb[..., 2] = 200, 100, 50
    tensor = to_tensor(rgb, (2, 2), _NORMALISATION)
    assert tensor.shape == (1, 3, 2, 2)
    assert tensor.dtype == np.float32
    np.testing.assert_allclose(tensor[0, :, 0, 0], [1 - 0.5, (0.5 - 0.25) / 0.5, 0.25 / 2], atol=1e-6)


def test_a_black_photo_is_no_division_by_zero() -> None:
    tensor = to_tensor(np.zeros((4, 4, 3), np.uint8), (2, 2), _NORMALISATION)
    assert np.isfinite(tensor).all()


@pytest.mark.parametrize(("height", "width"), [(64, 48), (5, 7), (64, 5), (1, 300), (8, 8)])
def test_any_size_is_brought_to_the_networks_with_its_mean(height: int, width: int) -> None:
    rgb = np.random.default_rng(height).integers(0, 256, (height, width, 3), np.uint8)
    small = resize(rgb, (8, 8))
    assert small.shape == (8, 8, 3)
    assert abs(float(small.mean()) - float(rgb.mean())) < 12


@pytest.mark.parametrize(("height", "width", "least"), [(433, 577, 60), (2000, 3000, 33)])
def test_fine_parts_come_through_as_with_the_slow_filter(height: int, width: int, least: float) -> None:
    """What rembg gives the network: the whole photo through Lanczos' filter. The signal lies that much (dB) above the
    difference; averaging alone gives 35 and 28."""
    random = np.random.default_rng(1)
    rough = random.integers(0, 256, (height // 3, width // 3, 3), np.uint8)
    photo = Image.fromarray(rough).resize((width, height), Image.Resampling.BICUBIC)
    mine = resize(np.asarray(photo), (512, 512)).astype(np.float64)
    theirs = np.asarray(photo.resize((512, 512), Image.Resampling.LANCZOS), np.float64)
    assert 10 * np.log10(255**2 / max(np.square(mine - theirs).mean(), 1e-9)) > least


def test_the_mask_lies_over_the_photo_and_within_0_and_1(engine: OnnxEngine) -> None:
    rgb = np.zeros((80, 40, 3), np.uint8)
    rgb[:40, :20] = 255, 0, 0  # mask = 2 · (1 − 0.5) + 0.25, cut off at 1
    rgb[40:, 20:] = 128, 0, 0  # mask = 2 · (0.502 − 0.5) + 0.25
    mask = engine.mask(rgb)
    assert mask.shape == (8, 8)
    assert mask.dtype == np.float32
    # Away from where two colours meet: Lanczos' filter swings there.
    np.testing.assert_allclose(mask[:3, :3], 1, atol=1e-3)
    np.testing.assert_allclose(mask[6:, 6:], 0.254, atol=5e-3)
    np.testing.assert_allclose(mask[:3, 6:], 0, atol=1e-3)
    assert (engine.name, engine.runtime) == ("tiny", "onnxruntime-cpu")


def test_threads_share_one_engine_and_each_gets_its_own_mask(engine: OnnxEngine) -> None:
    def mean_of(red: int) -> float:
        rgb = np.zeros((16, 16, 3), np.uint8)
        rgb[0, 0] = 255  # the brightest value: `red` is measured against it
        rgb[2:] = red, 0, 0
        return float(engine.mask(rgb)[2:].mean())

    reds = [90, 100, 110, 120, 130, 140, 150, 160] * 25
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(mean_of, reds))
    brightest = np.array([max(63.75, red) for red in reds])  # the white corner, averaged over 2 x 2 pixels
    np.testing.assert_allclose(
        found, [min(1, 2 * (r / b - 0.5) + 0.25) for r, b in zip(reds, brightest, strict=True)], atol=0.02
    )


def test_a_file_that_is_no_network_is_named(tmp_path: Path) -> None:
    path = tmp_path / "tiny.onnx"
    path.write_bytes(b"this is not a network" * 50)
    with pytest.raises(BrokenModel, match=r"tiny\.onnx is no ONNX file"):
        OnnxEngine(_SPEC, path, threads=1)


def test_half_a_file_is_refused(tmp_path: Path) -> None:
    path = brightness_network(tmp_path / "tiny.onnx")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(BrokenModel, match=r"tiny\.onnx"):
        OnnxEngine(_SPEC, path, threads=1)


def test_a_network_for_another_input_is_refused_with_both_shapes(tmp_path: Path) -> None:
    path = brightness_network(tmp_path / "tiny.onnx", side=16)
    with pytest.raises(BrokenModel, match=r"\[1, 3, 16, 16\].*\[1, 3, 8, 8\]"):
        OnnxEngine(_SPEC, path, threads=1)


def test_a_network_without_a_fixed_size_is_taken(tmp_path: Path) -> None:
    path = brightness_network(tmp_path / "tiny.onnx", side="side")
    assert OnnxEngine(_SPEC, path, threads=1).mask(np.zeros((9, 9, 3), np.uint8)).shape == (8, 8)
