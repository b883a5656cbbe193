"""rembg's sessions, over stand-ins for its models. Slow: the first import of rembg compiles for half a minute."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from processing.engines.errors import BrokenModel
from processing.engines.load import load
from processing.engines.pointed import Pointable, by
from processing.engines.registry import MODELS
from processing.imaging.marks import Mark
from tests.support.tiny_networks import brightness_network, pointing_networks

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
    middle, beside = mask.shape[1] // 2, mask.shape[1] // 20  # Lanczos' filter swings beside the edge
    assert mask[:, : middle - beside].max() == 0
    assert mask[:, middle + beside :].min() == 1
    assert not (tmp_path / "rembg").exists()


def test_sam_is_pointed_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("U2NET_HOME", str(tmp_path / "rembg"))
    encoder, decoder = (tmp_path / file.name for file in MODELS["sam"].files)
    pointing_networks(encoder, decoder)
    engine = load("sam", tmp_path, threads=1)
    assert isinstance(engine, Pointable)
    rgb = np.full((240, 360, 3), 40, np.uint8)
    rgb[60:180, 60:160] = rgb[60:180, 220:320] = (200, 90, 40)
    thing = engine.thing_at(rgb, [Mark(False, ((10, 10),)), Mark(True, ((100, 120),))])
    assert thing.shape == (240, 360)
    assert thing[66:174, 66:154].all()
    assert not thing[:50].any()
    part = by(engine)
    found = part(rgb, np.zeros((240, 360), np.bool_), Mark(True, ((100, 120),)), [])
    assert found[120, 100]
    assert not found[120, 270], "as red, and not connected"
    whole = np.ones((240, 360), np.bool_)
    taken = part(rgb, whole, Mark(False, ((270, 120),)), [Mark(True, ((100, 120),))])
    assert taken[120, 270]
    assert not taken[120, 100]
    assert not part(rgb, whole, Mark(True, ((100, 120),)), []).any()


def test_a_damaged_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("U2NET_HOME", str(tmp_path / "rembg"))
    (tmp_path / "u2net.onnx").write_bytes(b"damaged")
    with pytest.raises(BrokenModel, match=r"u2net\.onnx"):
        load("u2net", tmp_path, threads=1)
