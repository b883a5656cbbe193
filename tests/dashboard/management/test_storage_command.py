"""Files move between a folder and an S3 store, each compared; rows and files are held against each other."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.storage.handler import StorageHandler
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from dashboard.storage_address import backend
from processing.actions.assets import save_upload
from tests.support.cast import Cast
from tests.support.photos import product_photo
from tests.support.s3_store import bucket, s3_store
from tests.support.server import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with s3_store(tmp_path_factory.mktemp("store") / "store.log") as running:
        yield running


@pytest.fixture
def store(port: int, tmp_path: Path) -> str:
    """The address of a bucket of this test's own."""
    return bucket(port, tmp_path.name.replace("_", "-").lower())


@pytest.fixture(autouse=True)
def files(cast: Cast, settings: Settings, tmp_path: Path) -> list[str]:
    """Paths of three photos in a data folder of this test's own."""
    settings.DATA_DIR = tmp_path
    settings.STORAGES = settings.STORAGES | {"default": backend("", tmp_path / "files")}
    assets = [save_upload(cast.alice, data=product_photo(seed), name=f"{seed}.jpg") for seed in range(3)]
    return [asset.blob.path for asset in assets]


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("storage", *arguments, stdout=out)
    return out.getvalue()


def test_to_a_store_and_back(store: str, files: list[str], tmp_path: Path) -> None:
    assert "Every row has its file there." in run("move", "--to", store)
    described: Any = backend(store, tmp_path)
    there = StorageHandler({"default": described})["default"]
    for path in files:
        with there.open(path) as copied, default_storage.open(path) as kept:
            assert copied.read() == kept.read()
    again = run("move", "--to", store)
    assert "0 files copied" in again
    back = tmp_path / "back"
    assert "Every row has its file there." in run("move", "--from", store, "--to", f"file://{back}")
    assert (back / files[0]).read_bytes() == Path(default_storage.path(files[0])).read_bytes()


def test_a_store_that_does_not_answer_is_said(files: list[str]) -> None:
    with pytest.raises(CommandError, match="does not answer"):
        run("move", "--to", f"s3://key:secret@127.0.0.1:{free_port()}/bucket?tls=0&region=us-east-1")


def test_a_row_without_its_file_keeps_one_from_switching(store: str, files: list[str]) -> None:
    default_storage.delete(files[1])
    with pytest.raises(CommandError, match="source lacks them"):
        run("move", "--to", store)


@pytest.mark.parametrize("address", ["ftp://host/x", "s3://key:secret@host", "nonsense"])
def test_nonsense_is_refused(address: str) -> None:
    with pytest.raises(CommandError, match="must be an address"):
        run("move", "--to", address)


def test_rows_and_files_are_compared(files: list[str]) -> None:
    assert "have a row, " in run("check", "--read")
    Path(default_storage.path(files[0])).write_bytes(b"something else")
    assert "files have a row" in run("check")
    out = io.StringIO()
    with pytest.raises(CommandError, match="backup"):
        call_command("storage", "check", "--read", stdout=out)
    assert f"1 are not the bytes that their name says:\n  {files[0]}" in out.getvalue()
    default_storage.delete(files[2])
    with pytest.raises(CommandError, match="backup"):
        run("check")


def test_files_that_no_row_names_go_when_asked_and_old(cast: Cast, files: list[str]) -> None:
    folder = str(cast.alice.organization.pk)
    old, young = (f"{folder}/{letter * 2}/{letter * 64}" for letter in "ab")
    beside = f"{folder}/catalog/shop/ab/picture.webp"
    for path in (old, young, beside):
        default_storage.save(path, ContentFile(b"left by a crash"))
    os.utime(default_storage.path(old), (time.time() - 7200,) * 2)
    assert "1 have no row" in run("check")
    assert default_storage.exists(old)
    assert "1 files without a row were removed" in run("check", "--remove")
    assert [default_storage.exists(path) for path in (old, young, beside, *files)] == [False, *[True] * 5]
