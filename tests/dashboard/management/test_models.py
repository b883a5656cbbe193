"""`manage.py models`, which needs no database: it runs before there is one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.support.tiny_networks import brightness_network, enlarging_network


@pytest.fixture(autouse=True)
def models(tmp_path: Path, settings: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("U2NET_HOME", str(tmp_path / "rembg"))
    settings.MODELS_DIR = tmp_path / "models"  # type: ignore[attr-defined]
    settings.SEGMENTATION_MODEL = "isnet-general-use"  # type: ignore[attr-defined]
    return tmp_path / "models"


def test_list_says_what_is_here_and_under_which_licence(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("models", "list")
    said = " ".join(capsys.readouterr().out.split())
    assert "isnet-general-use - IS-Net, any kind of subject (default)" in said
    assert "grabcut here" in said
    assert "AGPL-3.0" in said
    assert "Commercial use needs a paid agreement with BRIA" in said


def test_list_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("models", "list", "--json")
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["isnet-general-use"]["default"] is True
    assert rows["isnet-general-use"]["installed"] is False
    assert rows["grabcut"]["installed"] is True


def test_a_file_is_added_listed_and_verified(tmp_path: Path, models: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = brightness_network(tmp_path / "trained.onnx", side=320)
    call_command("models", "add", str(mine), "--name", "u2net")
    call_command("models", "verify")
    call_command("models", "fetch", "u2net")
    said = capsys.readouterr().out
    assert "Added as u2net" in said
    assert "u2net: your own file, unchanged" in said
    assert f"u2net is here: {models / 'u2net.onnx'}" in said
    with (models / "u2net.onnx").open("ab") as content:
        content.write(b"!")
    with pytest.raises(CommandError, match="Not as it should be: u2net"):
        call_command("models", "verify")


def test_a_network_that_enlarges_is_added_by_its_kind(
    tmp_path: Path, models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("models", "add", str(enlarging_network(tmp_path / "mine.onnx", scale=4)), "--kind", "super-resolution")
    call_command("models", "list", "--json")
    said, _, listed = capsys.readouterr().out.partition("[")
    assert "Added as super-resolution-x4" in said
    rows = {row["name"]: row for row in json.loads(f"[{listed}")}
    assert (rows["super-resolution-x4"]["installed"], rows["super-resolution-x2"]["installed"]) == (True, False)
    assert rows["super-resolution-x4"]["kind"] == "super-resolution"


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["fetch", "u3net"], "There is no model 'u3net'"),
        (["fetch", "dis_custom"], "nobody publishes it|Nobody publishes it"),
        (["add", "/nonexistent.onnx"], r"There is no file /nonexistent\.onnx"),
        (["verify", "u2net"], "Not as it should be: u2net"),
        (["remove", "u2net"], "invalid choice"),
        ([], "required"),
    ],
)
def test_what_goes_wrong_is_one_sentence(arguments: list[str], why: str) -> None:
    with pytest.raises(CommandError, match=why):
        call_command("models", *arguments)


def test_the_built_in_engine_needs_no_file(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("models", "fetch", "grabcut")
    assert "grabcut needs no file." in capsys.readouterr().out
