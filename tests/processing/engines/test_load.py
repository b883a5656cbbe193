"""Which engine one gets by name, from which folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from accounts.kit.errors import InvalidInput
from processing.engines import load
from processing.engines.errors import BrokenModel, ModelNotInstalled
from tests.support.tiny_networks import brightness_network

NAME = "isnet-general-use"


pytestmark = pytest.mark.usefixtures("no_models_of_rembgs")


def test_without_any_file_only_the_built_in_engine_is_there(tmp_path: Path) -> None:
    assert load.available(tmp_path) == ["grabcut"]
    engine = load.default(tmp_path, NAME)
    assert (engine.name, engine.runtime) == ("grabcut", "opencv")


def test_an_installed_model_is_listed_first_and_loaded(tmp_path: Path) -> None:
    brightness_network(tmp_path / f"{NAME}.onnx", side=1024)
    assert load.available(tmp_path) == [NAME, "grabcut"]
    assert load.default(tmp_path, NAME, threads=1).name == NAME
    assert load.load(NAME, tmp_path, threads=1).runtime == "onnxruntime-cpu"


@pytest.mark.parametrize("folder", ["rembg", f"rembg/models/{NAME}"])
def test_a_model_that_rembg_fetched_is_found_where_rembg_keeps_it(tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir(parents=True)
    brightness_network(tmp_path / folder / f"{NAME}.onnx", side=1024)
    assert load.available(tmp_path / "models") == [NAME, "grabcut"]


def test_rembgs_newer_setting_is_honoured_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("U2NET_HOME")
    monkeypatch.setenv("REMBG_HOME", str(tmp_path / "home"))
    folder = tmp_path / "home" / "models" / "u2netp"
    folder.mkdir(parents=True)
    (folder / "u2netp.onnx").write_bytes(b"")
    assert "u2netp" in load.available(tmp_path / "models")


def test_a_model_of_two_files_needs_both(tmp_path: Path) -> None:
    (tmp_path / "sam_vit_b_01ec64.encoder.onnx").write_bytes(b"")
    assert "sam" not in load.available(tmp_path)
    (tmp_path / "sam_vit_b_01ec64.decoder.onnx").write_bytes(b"")
    assert "sam" in load.available(tmp_path)


def test_a_wrong_name_is_answered_with_the_names_there_are(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"'u3net'.*u2net, .*grabcut") as caught:
        load.load("u3net", tmp_path)
    assert caught.value.errors[0].field == "model"
    with pytest.raises(InvalidInput, match="'u3net'"):
        load.default(tmp_path, "u3net")


def test_a_known_model_that_is_not_here_is_answered_with_what_is(tmp_path: Path) -> None:
    with pytest.raises(ModelNotInstalled, match=r"u2net is not installed\. Installed: grabcut\.") as caught:
        load.load("u2net", tmp_path)
    assert caught.value.status == 400


def test_a_damaged_file_is_an_error_and_not_silently_the_built_in_engine(tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.onnx").write_bytes(b"damaged")
    with pytest.raises(BrokenModel):
        load.default(tmp_path, NAME)
