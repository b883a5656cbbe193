"""A backup is whole or not there; what is wrong with one is said before anything is changed."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from accounts.models import User
from dashboard.backup import manifest
from dashboard.backup.snapshot import LEFT_OUT
from dashboard.storage_address import backend
from processing.actions.assets import delete_asset, save_upload
from processing.models import Asset, Blob
from tests.support.cast import Cast
from tests.support.photos import product_photo
from tests.support.server import free_port

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "backups"


@pytest.fixture(autouse=True)
def photos(cast: Cast, settings: Settings, tmp_path: Path) -> list[Asset]:
    settings.DATA_DIR = tmp_path
    settings.STORAGES = settings.STORAGES | {"default": backend("", tmp_path / "files")}
    return [save_upload(cast.alice, data=product_photo(seed), name=f"{seed}.jpg") for seed in range(3)]


def run(command: str, *arguments: object) -> str:
    out = io.StringIO()
    call_command(command, *map(str, arguments), stdout=out)
    return out.getvalue()


def refused(target: Path, *arguments: str) -> str:
    """What a restore says that ends with an error; nothing has changed."""
    people = User.objects.count()
    out = io.StringIO()
    with pytest.raises(CommandError) as error:
        call_command("restore", str(target), *arguments, stdout=out)
    assert User.objects.count() == people
    return f"{out.getvalue()}{error.value}"


def only(target: Path) -> Path:
    (found,) = manifest.backups(target)
    return found


def test_every_table_and_image_is_in_it_for_its_owner_alone(target: Path) -> None:
    said = run("backup", target)
    assert "3 images" in said
    assert "The secrets are not in it" in said
    folder = only(target)
    models = [
        each for each in apps.get_models(include_auto_created=True) if each._meta.managed and not each._meta.proxy
    ]
    wanted = {each._meta.db_table: each for each in models if each._meta.label not in LEFT_OUT}
    tables = manifest.read(folder).tables
    assert set(tables) == set(wanted)
    assert {name: table.rows for name, table in tables.items()} == {
        name: model._base_manager.count() for name, model in wanted.items()
    }
    for path in target.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 or path.name == ".lock", path
    for blob in Blob.unscoped.all():
        assert (target / "files" / blob.path).read_bytes() == Path(default_storage.path(blob.path)).read_bytes()
    assert "Whole: " in run("restore", target, "--check")


def test_the_next_one_copies_what_is_new_and_old_ones_go(cast: Cast, target: Path, photos: list[Asset]) -> None:
    run("backup", target)
    first = only(target)
    gone = target / "files" / photos[0].blob.path
    delete_asset(cast.alice, asset_id=photos[0].pk)
    new = save_upload(cast.alice, data=product_photo(7), name="new.jpg")
    assert "1 copied now" in run("backup", target)
    assert gone.exists()
    said = run("backup", target, "--keep", "1")
    assert first.name in said
    assert only(target).name not in said.partition("Removed")[2]
    assert not gone.exists()
    assert (target / "files" / new.blob.path).exists()
    assert "3 images" in run("restore", target, "--check")


def test_images_are_mended_when_they_are_read_and_lost_ones_named(target: Path, photos: list[Asset]) -> None:
    run("backup", target)
    rotten = target / "files" / photos[1].blob.path
    rotten.write_bytes(b"x" * rotten.stat().st_size)
    assert "0 copied now" in run("backup", target)
    assert "1 copied now" in run("backup", target, "--reread")
    assert "Whole: " in run("restore", target, "--check")
    # One that is neither in the storage nor in an earlier backup is named.
    default_storage.delete(photos[2].blob.path)
    (target / "files" / photos[2].blob.path).unlink()
    with pytest.raises(CommandError, match="The backup is there, but 1 images"):
        run("backup", target)
    assert manifest.read(manifest.backups(target)[-1]).absent == [photos[2].blob.path]
    assert "Whole: " in run("restore", target, "--check")


def _rows(folder: Path) -> str:
    path = folder / "rows" / "accounts_user.jsonl.gz"
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()).replace(b"alice@", b"mallo@")))
    return "rows of accounts_user"


def _half(folder: Path) -> str:
    path = folder / "rows" / "accounts_organization.jsonl.gz"
    path.write_bytes(path.read_bytes()[:40])
    return "rows of accounts_organization"


def _missing(folder: Path) -> str:
    (folder / "rows" / "processing_blob.jsonl.gz").unlink()
    return "rows of processing_blob (processing_blob.jsonl.gz) are missing"


def _image(folder: Path) -> str:
    path = next(path for path in (folder.parent / "files").rglob("*") if path.is_file())
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    return f"{path.name} is missing or damaged"


def _list(folder: Path) -> str:
    path = folder / "files.txt"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[1:]))
    return "list of images"


def _manifest(folder: Path) -> str:
    path = folder / "manifest.json"
    path.write_text(path.read_text().replace('"rows": 4', '"rows": 5'))
    return "manifest.json"


def test_a_damaged_one_is_refused_with_what_is_wrong(target: Path, tmp_path: Path) -> None:
    run("backup", target)
    for damage in (_rows, _half, _missing, _image, _list, _manifest):
        copied = tmp_path / damage.__name__
        shutil.copytree(target, copied)
        wrong = damage(only(copied))
        assert wrong in refused(copied, "--check")
        assert wrong in refused(copied, "--replace")


def test_one_that_cannot_be_finished_leaves_nothing(target: Path, settings: Settings, photos: list[Asset]) -> None:
    left = target / ".making-2026-01-01T00-00-00Z"
    (left / "rows").mkdir(parents=True)
    here = settings.STORAGES
    nowhere = backend(f"s3://key:secret@127.0.0.1:{free_port()}/bucket?tls=0&region=us-east-1", target)
    settings.STORAGES = here | {"default": nowhere}
    with pytest.raises(CommandError, match=r"nothing of it remains.*does not answer"):
        run("backup", target)
    assert not list(target.glob("*Z*")) + list(target.glob(".making*"))
    assert "holds no finished backup" in refused(target)
    settings.STORAGES = here
    assert "3 copied now" in run("backup", target)


def test_secrets_are_in_it_only_when_asked_and_under_the_passphrase(
    target: Path, tmp_path: Path, settings: Settings
) -> None:
    secrets = [settings.SECRET_KEY, settings.API_KEY_PEPPER, *settings.FIELD_ENCRYPTION_KEYS]
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("correct horse battery staple\n")

    def told() -> set[bool]:
        text = "".join(path.read_text() for path in manifest.backups(target)[-1].glob("*.json"))
        return {secret in text for secret in secrets}

    run("backup", target)
    assert told() == {False}
    assert "not in it" not in run("backup", target, "--passphrase-file", passphrase)
    assert told() == {False}
    settings.SECRET_KEY = "another"
    assert "give it with --passphrase-file" in refused(target, "--replace")
    passphrase.write_text("another horse battery staple\n")
    assert "does not open" in refused(target, "--replace", "--passphrase-file", str(passphrase))
    settings.SECRET_KEY = secrets[0]
    run("backup", target, "--with-keys")
    assert told() == {True}
    passphrase.write_text("short\n")
    with pytest.raises(CommandError, match="at least 12 characters"):
        run("backup", target, "--passphrase-file", passphrase)


def test_what_does_not_fit_here_is_refused(target: Path, settings: Settings) -> None:
    target.mkdir()
    assert "holds no finished backup" in refused(target)
    run("backup", target)
    assert "say --replace" in refused(target)
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    assert "another FIELD_ENCRYPTION_KEYS." in refused(target, "--replace")
    said = manifest.read(only(target))
    said.product = "9.0.0"
    said.migrations.append(["accounts", "0999_of_the_future"])
    manifest.write(only(target), said)
    answer = refused(target, "--replace")
    assert "newer Packshot (9.0.0)" in answer
    assert "accounts.0999_of_the_future" in answer
    (only(target) / "manifest.json").write_text(json.dumps({"format": 7}))
    assert "of format 7" in refused(target)
