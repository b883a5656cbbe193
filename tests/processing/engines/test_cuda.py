"""A network on a graphics processor: photos of several jobs in one batch. The batches are shown on any machine."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from processing.engines import capabilities, load
from processing.engines.batch import Batch, Tensor
from processing.engines.cuda import PROVIDER, CudaEngine
from processing.engines.errors import BrokenModel, RuntimeMissing
from processing.engines.onnx import OnnxEngine
from processing.engines.registry import DEFAULT, find
from tests.support import reachable
from tests.support.on_backdrop import agreement, subject_on
from tests.support.tiny_networks import brightness_network

SPEC = find(DEFAULT)
CPU = "CPUExecutionProvider"


class Held:
    """A network that does not answer before it may; `sizes` of its batches. It doubles what it is given."""

    def __init__(self, too_many: int = 99) -> None:
        self.sizes: list[int] = []
        self.began, self.may = threading.Event(), threading.Event()
        self._too_many = too_many

    def __call__(self, tensors: Tensor) -> Tensor:
        self.sizes.append(len(tensors))
        self.began.set()
        assert self.may.wait(30)
        if len(tensors) >= self._too_many or (len(tensors) == 1 and float(tensors.max()) == 5):
            raise MemoryError("no room")
        return tensors * 2


def answers(batch: Batch, held: Held, count: int) -> list[float | str]:
    """Of `count` callers with the numbers 0, 1 … : the first computes alone while the others come to wait."""

    def call(number: int) -> float | str:
        try:
            return float(batch(np.full((1, 1), number, np.float32))[0, 0])
        except MemoryError as error:
            return str(error)

    with ThreadPoolExecutor(count) as pool:
        first = pool.submit(call, 0)
        assert held.began.wait(30)
        others = [pool.submit(call, number) for number in range(1, count)]
        while len(batch._waiting) < count - 1:
            threading.Event().wait(0.001)
        held.may.set()
        return [each.result(30) for each in (first, *others)]


def test_what_waits_is_computed_together_in_powers_of_two() -> None:
    held = Held()
    assert answers(Batch(held, most=4), held, 8) == [0, 2, 4, 6, 8, 10, 12, 14]
    assert held.sizes == [1, 4, 2, 1]


def test_a_batch_without_room_is_computed_one_by_one_and_none_so_large_again() -> None:
    held = Held(too_many=4)
    batch = Batch(held, most=8)
    assert answers(batch, held, 9) == [0, 2, 4, 6, 8, "no room", 12, 14, 16]
    assert held.sizes[:2] == [1, 8]
    assert batch.most == 4
    assert float(batch(np.full((1, 1), 3, np.float32))[0, 0]) == 6


def test_batches_answer_as_single_photos_do(tmp_path: Path) -> None:
    path = brightness_network(tmp_path / f"{DEFAULT}.onnx", side=1024)
    engine, reference = CudaEngine(SPEC, path, 1, provider=CPU), OnnxEngine(SPEC, path, 1)
    assert engine.batch.most > 1
    photos = [np.random.default_rng(seed).integers(0, 256, (40, 60, 3), np.uint8) for seed in range(4)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(engine.mask, photos))
    for photo, mask in zip(photos, found, strict=True):
        np.testing.assert_allclose(mask, reference.mask(photo), atol=1e-5)


def test_a_damaged_file_and_a_missing_runtime_are_said(tmp_path: Path) -> None:
    path = tmp_path / f"{DEFAULT}.onnx"
    path.write_bytes(b"damaged")
    with pytest.raises(BrokenModel):
        CudaEngine(SPEC, path, 1, provider=CPU)
    if PROVIDER not in onnxruntime.get_available_providers():
        with pytest.raises(RuntimeMissing, match="onnxruntime-gpu"):
            load.load(DEFAULT, tmp_path, runtime="onnxruntime-cuda")


@pytest.mark.gpu
@pytest.mark.slow
@pytest.mark.model
def test_the_real_network_on_the_graphics_processor() -> None:
    folder = reachable.models_dir()
    assert folder is not None
    assert capabilities.cuda_can()
    engine = load.load(DEFAULT, folder, runtime="onnxruntime-cuda")
    assert engine.runtime == "onnxruntime-cuda"
    pictures = [subject_on("wood", seed) for seed in range(4)]
    with ThreadPoolExecutor(4) as pool:
        masks = list(pool.map(engine.mask, [rgb for rgb, _ in pictures]))
    for mask, (_, alpha) in zip(masks, pictures, strict=True):
        assert agreement(mask, alpha) > 0.95
    chosen = load.load(DEFAULT, folder, threads=2, runtime="auto")
    assert chosen.runtime == "onnxruntime-cuda", "it is the fastest there"
