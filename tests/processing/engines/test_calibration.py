"""Which runtime computes the network, and that it was measured: the fastest that agrees with the reference."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from processing.engines import calibration, capabilities, load
from processing.engines.base import Explained
from processing.engines.calibrate import calibrate, generated_photos
from processing.engines.candidate import CUDA, REFERENCE, Candidate
from processing.engines.errors import BrokenModel
from processing.engines.onnx import OnnxEngine
from processing.engines.openvino import OpenVinoEngine
from processing.engines.registry import DEFAULT, find
from processing.engines.tried import Tried, best
from tests.support import reachable
from tests.support.on_backdrop import agreement, subject_on
from tests.support.tiny_networks import brightness_network

EXACT, HALF = Candidate("openvino", "f32"), Candidate("openvino", "bf16")
SPEC = find(DEFAULT)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return brightness_network(tmp_path / f"{DEFAULT}.onnx", side=1024)


def test_the_fastest_that_agrees_wins() -> None:
    reference = Tried(REFERENCE, 1.0, 1.0)
    assert best([reference, Tried(HALF, 0.2, 0.998), Tried(EXACT, 0.9, 1.0)]).candidate == HALF


@pytest.mark.parametrize(
    "other",
    [Tried(HALF, 0.2, 0.994), Tried(HALF, 0.2, None), Tried(HALF, 0.99, 1.0)],
    ids=["inexact", "unknown", "no gain"],
)
def test_the_reference_stays_where_another_is_no_better(other: Tried) -> None:
    assert best([Tried(REFERENCE, 1.0, 1.0), other]).candidate == REFERENCE


def test_only_what_the_processor_can_is_tried() -> None:
    assert capabilities.candidates(None) == []
    assert capabilities.candidates(frozenset({"FP32"})) == [EXACT]
    assert capabilities.candidates(frozenset({"FP32"}), cuda=True) == [CUDA, EXACT]
    assert capabilities.candidates(None, cuda=True) == [CUDA]
    assert capabilities.candidates(frozenset({"FP32", "BF16"})) == [HALF, EXACT]


def test_threads_and_streams_are_compared_where_there_are_some() -> None:
    assert capabilities.layouts(1) == [(1, 1)]
    assert capabilities.layouts(2) == [(2, 1), (2, 2)]
    assert capabilities.layouts(8) == [(8, 1), (4, 1), (8, 2)]


@pytest.mark.parametrize(("rate", "streams"), [(5.4, 1), (5.6, 2)], ids=["no gain", "more photos a second"])
def test_two_at_once_must_be_worth_their_memory(rate: float, streams: int) -> None:
    alone, two = replace(HALF, threads=2), replace(HALF, threads=2, streams=2)
    tried = [
        Tried(REFERENCE, 1.0, 1.0),
        Tried(HALF, 0.2, 0.998),
        Tried(alone, 0.2, 0.998, rate=5.0),
        Tried(two, 0.2, 0.998, rate=rate),
    ]
    assert best(tried).candidate.streams == streams


def test_two_streams_answer_with_the_same_masks(model: Path) -> None:
    photos = [np.random.default_rng(seed).integers(0, 256, (40, 60, 3), np.uint8) for seed in range(4)]
    two = OpenVinoEngine(SPEC, model, 2, replace(EXACT, threads=2, streams=2))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(two.mask, photos))
    reference = OnnxEngine(SPEC, model, 1)
    for photo, mask in zip(photos, found, strict=True):
        np.testing.assert_allclose(mask, reference.mask(photo), atol=2e-3)


def test_a_machine_without_openvino_measures_and_computes(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on an architecture for which there is none: the capability probe of the measuring program finds nothing."""
    (tmp_path / "probe").mkdir()
    (tmp_path / "probe" / "sitecustomize.py").write_text("import sys\nsys.modules['openvino'] = None\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "probe"))
    chosen = calibration.choose(SPEC, model, 1)
    assert chosen.candidate == REFERENCE
    assert chosen.reason.startswith("Measured here")
    assert "openvino" not in chosen.reason
    assert load.load(DEFAULT, model.parent, threads=1, runtime="auto").runtime == "onnxruntime-cpu"


def test_what_was_the_fastest_and_is_gone_is_replaced(model: Path) -> None:
    """A graphics processor that was taken out: what was measured is still believed, and does not start."""
    (model.parent / "calibration.json").write_text("{}")
    calibration.choose(SPEC, model, 1)
    kept = model.parent / "calibration.json"
    ((key, measured),) = json.loads(kept.read_text()).items()
    gone = {"candidate": {"runtime": "openvino", "precision": "int3"}, "seconds": 0.001, "agreement": 1.0}
    kept.write_text(json.dumps({key: [measured[0] | {"seconds": 9.0}, gone]}))
    engine = load.load(DEFAULT, model.parent, threads=1, runtime="auto")
    assert engine.runtime == "onnxruntime-cpu"
    assert isinstance(engine, Explained)
    assert "does not start now" in engine.reason


def test_without_openvino_the_reference_computes(model: Path) -> None:
    tried = calibrate(SPEC, model, 1, capabilities.candidates(None))
    assert best(tried).candidate == REFERENCE


def test_a_way_that_does_not_run_here_loses_and_says_why(model: Path) -> None:
    broken = Candidate("openvino", "int3")  # type: ignore[arg-type]
    tried = calibrate(SPEC, model, 1, [broken, EXACT])
    assert tried[1].agreement is None
    assert tried[1].note
    assert [each.candidate for each in tried] == [REFERENCE, broken, EXACT]


def test_measured_once_for_this_file_and_these_threads(model: Path) -> None:
    first = calibration.choose(SPEC, model, 1)
    assert first.reason.startswith("Measured here")
    kept = model.parent / "calibration.json"
    content = json.loads(kept.read_text())
    assert len(content) == 1
    # What is kept is what is taken: told that bfloat16 was the fastest, the next start believes it.
    told = [
        {
            "candidate": {"runtime": "openvino", "precision": "bf16"},
            "seconds": 0.1,
            "agreement": 1.0,
            "note": "",
        }
    ]
    (key,) = content
    kept.write_text(json.dumps({key: [content[key][0] | {"seconds": 9.0}, *told]}))
    assert calibration.choose(SPEC, model, 1).candidate == HALF
    calibration.choose(SPEC, model, 2)
    assert len(json.loads(kept.read_text())) == 2


@pytest.mark.parametrize("kept", ["", "[]", '{"x": 1}'], ids=["empty", "a list", "another's"])
def test_a_damaged_memory_is_measured_anew(model: Path, kept: str) -> None:
    (model.parent / "calibration.json").write_text(kept)
    assert calibration.choose(SPEC, model, 1).reason.startswith("Measured here")


def test_a_damaged_model_is_still_an_error(tmp_path: Path) -> None:
    (tmp_path / f"{DEFAULT}.onnx").write_bytes(b"damaged")
    assert "could not be measured" in calibration.choose(SPEC, tmp_path / f"{DEFAULT}.onnx", 1).reason
    with pytest.raises(BrokenModel):
        load.load(DEFAULT, tmp_path, threads=1, runtime="auto")
    with pytest.raises(BrokenModel):
        load.load(DEFAULT, tmp_path, threads=1, runtime="openvino-f32")


def test_openvino_answers_with_the_same_mask_from_many_threads(model: Path) -> None:
    engine = OpenVinoEngine(SPEC, model, 2, EXACT)
    reference = OnnxEngine(SPEC, model, 1)
    photos = [np.random.default_rng(seed).integers(0, 256, (40, 60, 3), np.uint8) for seed in range(6)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(engine.mask, photos))
    for photo, mask in zip(photos, found, strict=True):
        assert mask.dtype == np.float32
        np.testing.assert_allclose(mask, reference.mask(photo), atol=2e-3)
    assert engine.runtime == "openvino-f32"


def test_the_runtime_writes_nothing_about_its_use(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """OpenVINO brings a package that can report usage; computing a network never calls it."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    OpenVinoEngine(SPEC, model, 1, EXACT).mask(generated_photos()[0])
    assert list((tmp_path / "home").iterdir()) == []


@pytest.mark.slow
@pytest.mark.model
def test_the_real_network_agrees_with_itself_over_every_runtime() -> None:
    folder = reachable.models_dir()
    assert folder is not None
    path = folder / f"{DEFAULT}.onnx"
    tried = calibrate(SPEC, path, 2, capabilities.candidates(capabilities.openvino_can()))
    assert all(each.agreement is not None and each.agreement > 0.99 for each in tried)
    engine = load.load(DEFAULT, folder, threads=2, runtime="openvino-f32")
    rgb, alpha = subject_on("wood", 3)
    assert agreement(engine.mask(rgb), alpha) > 0.95
