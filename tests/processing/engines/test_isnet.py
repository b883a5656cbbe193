"""The real default model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from processing.engines.base import Engine
from processing.engines.load import default
from processing.engines.registry import DEFAULT, find
from processing.engines.verify import verify
from tests.support import reachable
from tests.support.on_backdrop import agreement, subject_on

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def models() -> Path:
    folder = reachable.models_dir()
    assert folder is not None
    return folder


@pytest.fixture(scope="module")
def engine(models: Path) -> Engine:
    return default(models, DEFAULT, threads=2)


def test_it_is_a_published_file(models: Path) -> None:
    assert verify(find(DEFAULT), models).good


def test_a_product_is_cut_out_of_a_backdrop_that_is_not_plain(engine: Engine) -> None:
    assert (engine.name, engine.runtime) == ("isnet-general-use", "onnxruntime-cpu")
    rgb, alpha = subject_on("wood", 3)
    mask = engine.mask(rgb)
    assert mask.shape == (1024, 1024)
    assert mask.dtype == np.float32
    assert 0 <= mask.min() <= mask.max() <= 1
    assert agreement(mask, alpha) > 0.95


def test_a_photo_of_nothing_gives_no_mask_of_something(engine: Engine) -> None:
    assert float((engine.mask(np.full((64, 64, 3), 200, np.uint8)) > 0.5).mean()) < 0.01
