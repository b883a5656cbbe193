"""Backups by programs of their own: one that is killed half way, and one of images in an S3 store."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from dashboard.backup import manifest
from tests.support import prepared
from tests.support.backups import environment, look, managed
from tests.support.fleet import wait_for
from tests.support.s3_store import bucket, s3_store
from tests.support.server import ROOT

pytestmark = pytest.mark.slow
_PEOPLE = """
from accounts.access.actor import member_actor
from accounts.actions.organizations import create_organization
from accounts.models import Membership
from dashboard.sign_up import create_confirmed_user
create_organization(create_confirmed_user("anna@example.com", "correct-horse-battery"), name="Shop", credit_grant=5)
"""
_PHOTOS = """
from accounts.access.actor import member_actor
from accounts.models import Membership
from processing.actions.assets import save_upload
from tests.support.photos import product_photo
row = Membership.unscoped.select_related("user", "organization").get()
actor = member_actor(row.user, row.organization, row.role)
for seed in SEEDS:
    print(save_upload(actor, data=product_photo(seed), name=f"{seed}.jpg").blob.path)
"""
_IMAGES = """
import hashlib, json
from processing.actions import blobs
from processing.models import Blob
print(json.dumps({b.path: hashlib.sha256(blobs.read(b)).hexdigest() == b.sha256 for b in Blob.unscoped.all()}))
"""


def photos(data_dir: Path, seeds: list[int], **settings: str) -> list[str]:
    return look(data_dir, f"SEEDS = {seeds}\n{_PHOTOS}", **settings).split()


def images(data_dir: Path, **settings: str) -> dict[str, bool]:
    """Of each path, whether its bytes are there and the right ones."""
    found: dict[str, bool] = json.loads(look(data_dir, _IMAGES, **settings))
    return found


def everything(store: Path) -> set[str]:
    """Paths of all files and folders but the lock."""
    return {str(path.relative_to(store)) for path in store.rglob("*") if path.name != ".lock"}


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A data folder with an organization."""
    folder = tmp_path / "here"
    folder.mkdir()
    prepared.copy_into(folder)
    look(folder, _PEOPLE)
    return folder


def fed(path: Path, data: bytes, store: Path) -> int:
    """The pipe's end, once the backup in the folder has begun to read it."""

    def opened() -> bool:
        with suppress(OSError):  # nobody reads yet
            found.append(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
        return bool(found)

    found: list[int] = []
    wait_for(opened, "who reads the image")
    os.set_blocking(found[0], True)
    os.write(found[0], data)
    wait_for(lambda: list(store.glob(".making-*/half")), "half an image")
    return found[0]


def killed(here: Path, store: Path, pipes: list[Path], *, at: int) -> Path:
    """A backup that is killed while it reads the image of that number: those pipes give their bytes only when they
    are asked to. Returns what it left."""
    whole = [path.read_bytes() for path in pipes]
    for number, path in enumerate(pipes):
        path.unlink()
        if number == 0:
            os.mkfifo(path)
    command = [sys.executable, "manage.py", "backup", str(store)]
    running = subprocess.Popen(command, cwd=ROOT, env=environment(here), stdout=subprocess.DEVNULL)
    try:
        pipe = fed(pipes[0], whole[0][:100], store)
        if at:
            os.mkfifo(pipes[1])
            os.write(pipe, whole[0][100:])
            os.close(pipe)
            pipe = fed(pipes[1], whole[1][:100], store)
    finally:
        running.kill()
        running.wait()
    os.close(pipe)
    for path, data in zip(pipes, whole, strict=True):
        path.unlink(missing_ok=True)
        path.write_bytes(data)
    [left] = store.glob(".making-*")
    return left


@pytest.mark.parametrize("at", [0, 1], ids=["in the first image", "after the rows"])
def test_one_that_is_killed_costs_nothing(here: Path, tmp_path: Path, at: int) -> None:
    store = tmp_path / "backups"
    old = photos(here, [1, 2])
    managed("backup", here, store)
    before = everything(store)
    # The second one is read when the rows are written: it was not there when its turn came the first time.
    second, first = photos(here, [3, 4])
    left = killed(here, store, [here / "files" / first, here / "files" / second], at=at)
    assert (left / "rows" / "accounts_user.jsonl.gz").exists() == bool(at)
    assert [path.name for path in manifest.backups(store)] == [path for path in before if path.endswith("Z")]

    half = everything(store)
    for only_look in (["--check"], []):
        managed("restore", tmp_path / "nowhere", left, *only_look, refused="was interrupted before it was whole")
    assert everything(store) == half
    assert "2 images" in managed("restore", here, store, "--check")
    secrets = (here / "secrets.json").read_bytes()
    for name in ("former", "newest"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "secrets.json").write_bytes(secrets)
    managed("restore", tmp_path / "former", store)
    assert images(tmp_path / "former") == dict.fromkeys(old, True)

    assert f"{2 - at} copied now" in managed("backup", here, store)
    [new] = {path.name for path in manifest.backups(store)} - before
    added = {path for path in everything(store) - before if not path.startswith(new)}
    assert {path.removeprefix("files/") for path in added if (store / path).is_file()} == {first, second}
    managed("restore", tmp_path / "newest", store)
    assert images(tmp_path / "newest") == dict.fromkeys([*old, first, second], True)


def test_from_an_s3_store_and_into_another(tmp_path: Path) -> None:
    store = tmp_path / "backups"
    with s3_store(tmp_path / "store.log") as port:
        here, there = bucket(port, "here"), bucket(port, "there")
        for name, address in (("a", here), ("b", there)):
            (tmp_path / name).mkdir()
            prepared.copy_into(tmp_path / name)
            assert "was made" in managed("prepare", tmp_path / name, STORAGE_URL=address)
        look(tmp_path / "a", _PEOPLE, STORAGE_URL=here)
        paths = photos(tmp_path / "a", [1, 2, 3], STORAGE_URL=here)
        assert "3 copied now" in managed("backup", tmp_path / "a", store, "--with-keys", STORAGE_URL=here)
        assert "0 copied now" in managed("backup", tmp_path / "a", store, "--with-keys", STORAGE_URL=here)
        assert {path for path in paths if (store / "files" / path).is_file()} == set(paths)

        assert "3 images restored" in managed("restore", tmp_path / "b", store, STORAGE_URL=there)
        assert images(tmp_path / "b", STORAGE_URL=there) == dict.fromkeys(paths, True)
        assert "0 images restored, 3 were there" in managed(
            "restore", tmp_path / "b", store, "--replace", STORAGE_URL=there
        )
        # And out of the store, to a machine of its own.
        managed("restore", tmp_path / "c", store)
    assert images(tmp_path / "c") == dict.fromkeys(paths, True)
