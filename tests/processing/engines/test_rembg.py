"""rembg's sessions, over stand-ins for its models. Slow: the first import of rembg compiles for half a minute."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from processing.engines.errors import BrokenModel
from processing.engines.load import load
from processing.engines.registry import MODELS
from tests.support.tiny_networks import brightness_network

pytestmark = pytest.mark.slow

REMOTE = {"withoutbg", "atlascloud"}  # they send the photo to somebody else's server


def test_every_local_model_of_rembgs_can_be_named() -> None:
    from rembg.sessions import sessions

    assert set(sessions) - REMOTE <= set(MODELS)
    assert {spec.name for spec in MODELS.values() if spec.session == "rembg"} <= set(sessions)


def test_the_files_are_those_that_rembg_asks_for() -> None:
    import inspect

    from rembg.sessions import sessions

    for spec in MODELS.values():
        if spec.name in sessions and spec.sources:
            source = inspect.getsource(inspect.getmodule(sessions[spec.name]))  # type: ignore[arg-type]
            for file in spec.files:
                theirs = [digest for digest in file.digests if digest in source]
                assert theirs, f"{file.name} has another digest in rembg"
                assert file.asset in source


@pytest.mark.parametrize(("name", "side"), [("u2netp", 320), ("silueta", 320), ("dis_custom", 1024)])
def test_a_session_runs_over_a_file_in_our_folder_and_fetches_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, side: int
) -> None:
    monkeypatch.setenv("U2NET_HOME", str(tmp_path / "rembg"))
    brightness_network(tmp_path / f"{name}.onnx", side=side)
    engine = load(name, tmp_path, threads=1)
    assert (engine.name, engine.runtime) == (name, "rembg")
    rgb = np.zeros((200, 300, 3), np.uint8)
    rgb[:, 150:] = 255
    mask = engine.mask(rgb)
    assert mask.dtype == np.float32
    assert mask[:, : mask.shape[1] // 2 - 5].max() == 0
    assert mask[:, mask.shape[1] // 2 + 5 :].min() == 1
    assert not (tmp_path / "rembg").exists()


def test_a_damaged_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("U2NET_HOME", str(tmp_path / "rembg"))
    (tmp_path / "u2net.onnx").write_bytes(b"damaged")
    with pytest.raises(BrokenModel, match=r"u2net\.onnx"):
        load("u2net", tmp_path, threads=1)
