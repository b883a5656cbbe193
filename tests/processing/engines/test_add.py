"""A model file that somebody already has is taken only where it fits, and later changes to it are noticed."""

from __future__ import annotations

from pathlib import Path

import pytest

from accounts.kit.errors import InvalidInput
from processing.engines import load
from processing.engines.add import add
from processing.engines.errors import BrokenModel
from processing.engines.fetch import fetch
from processing.engines.records import read
from processing.engines.registry import find
from processing.engines.verify import verify
from tests.support.tiny_networks import brightness_network

pytestmark = pytest.mark.usefixtures("no_models_of_rembgs")


def _say(text: str) -> None:
    pass


def test_a_file_of_ones_own_is_taken_for_the_named_model_where_it_fits(tmp_path: Path, models: Path) -> None:
    mine = brightness_network(tmp_path / "trained.onnx", side=1024)
    spec = add(mine, models, _say, name="isnet-general-use")
    assert spec.name == "isnet-general-use"
    assert (models / spec.file).read_bytes() == mine.read_bytes()
    assert not read(models)[spec.file].known
    assert load.available(models)[0] == spec.name
    assert verify(spec, models).good
    # It is the user's choice: a later fetch leaves it.
    assert fetch(spec, models, _say) == (models / spec.file,)
    assert (models / spec.file).read_bytes() == mine.read_bytes()


def test_a_file_named_after_a_model_needs_no_name(tmp_path: Path, models: Path) -> None:
    assert add(brightness_network(tmp_path / "u2netp.onnx", side=320), models, _say).name == "u2netp"


def test_a_changed_file_is_noticed(tmp_path: Path, models: Path) -> None:
    spec = add(brightness_network(tmp_path / "u2netp.onnx", side=320), models, _say)
    with (models / spec.file).open("ab") as content:
        content.write(b"!")
    finding = verify(spec, models)
    assert finding.good is False
    assert "was changed since" in finding.detail


def test_a_file_that_was_put_there_by_hand_is_called_unknown(models: Path) -> None:
    models.mkdir()
    brightness_network(models / "u2netp.onnx", side=320)
    finding = verify(find("u2netp"), models)
    assert finding.good is False
    assert "no published version" in finding.detail


def test_a_model_that_is_not_there_is_neither_good_nor_bad(models: Path) -> None:
    assert verify(find("u2netp"), models).good is None
    assert verify(find("grabcut"), models).good is True


@pytest.mark.parametrize(
    ("name", "error", "why"),
    [
        (None, InvalidInput, "Say which model it is for"),
        ("u3net", InvalidInput, "There is no model 'u3net'"),
        ("sam", InvalidInput, "Only the published files of sam"),
        ("grabcut", InvalidInput, "Only the published files of grabcut"),
        ("u2net", BrokenModel, r"\[1, 3, 64, 64\].*\[1, 3, 320, 320\]"),
    ],
)
def test_what_is_unclear_or_does_not_fit_is_refused_and_not_copied(
    tmp_path: Path, models: Path, name: str | None, error: type[Exception], why: str
) -> None:
    mine = brightness_network(tmp_path / "trained.onnx", side=64)
    with pytest.raises(error, match=why):
        add(mine, models, _say, name=name)
    assert not models.exists()


def test_what_is_no_network_is_refused(tmp_path: Path, models: Path) -> None:
    (tmp_path / "u2net.onnx").write_text("not a network")
    with pytest.raises(BrokenModel, match="no ONNX file"):
        add(tmp_path / "u2net.onnx", models, _say)
    with pytest.raises(InvalidInput, match="There is no file"):
        add(tmp_path / "nothing.onnx", models, _say)
    assert not models.exists()
