"""The whole way: a product that works, its backup beside running jobs, and the same product elsewhere."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db.migrations.loader import MigrationLoader

from dashboard.backup import manifest
from dashboard.backup.rows import Digest
from tests.support.backups import look, managed
from tests.support.empty_database import empty_database
from tests.support.server import PASSWORD, Server

pytestmark = pytest.mark.slow

_ACTOR = """
from accounts.access.actor import member_actor
from accounts.models import Membership
row = Membership.unscoped.select_related("user", "organization").get(organization__name="Shop")
actor = member_actor(row.user, row.organization, row.role)
"""
_SOMETHING_OF_ALL = (
    _ACTOR
    + """
from accounts.actions.webhook_endpoints import create_endpoint
from integrations.models import Connection
from integrations.models.connection import sealed
from processing.actions.assets import save_upload
from tests.support.photos import product_photo
create_endpoint(actor, url="https://example.com/hook", events=["*"])
Connection.unscoped.create(
    organization=actor.organization, marketplace="woocommerce", name="Shop", address="https://example.com",
    credentials=sealed({"consumer_secret": "cs_planted"}), masked="ck_…1234",
)
for seed in range(3):
    save_upload(actor, data=product_photo(seed), name=f"{seed}.jpg")
"""
)
_JOBS = (
    _ACTOR
    + """
from processing.actions.submit import Request, submit
from processing.models import Asset
sources = list(Asset.objects.of(actor).filter(kind="upload"))
for number in range(4):
    submit(actor, Request(sources=sources, parameters={"width": 300 + number, "height": 300}))
"""
)
_LOOK = (
    _ACTOR
    + """
import hashlib, json
from django.db.models import Sum
from django.test import Client
from accounts.access.credentials import actor_for_key
from accounts.kit.encryption import decrypt
from accounts.models import LedgerEntry, WebhookEndpoint
from accounts.queries.credits import balance
from integrations.models import Connection
from processing.actions import blobs
from processing.models import Asset, Blob, JobImage
client = Client(SERVER_NAME="localhost")
client.post("/accounts/login/", {"login": row.user.email, "password": PASSWORD})
decrypt(WebhookEndpoint.unscoped.get().secret)
print(json.dumps({
    "signed_in": "_auth_user_id" in client.session,
    "key": str(actor_for_key(KEY).organization.pk) == str(actor.organization.pk),
    "credential": Connection.unscoped.get().account().credentials["consumer_secret"],
    "ledger": balance(actor) == LedgerEntry.objects.of(actor).aggregate(n=Sum("amount"))["n"],
    "images": {b.path: hashlib.sha256(blobs.read(b)).hexdigest() == b.sha256 for b in Blob.unscoped.order_by("pk")},
    "done": JobImage.objects.of(actor).filter(status="succeeded").count(),
}))
"""
)


def is_there(data_dir: Path, key: str, **settings: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(look(data_dir, f"PASSWORD, KEY = {PASSWORD!r}, {key!r}\n{_LOOK}", **settings))
    return found


@pytest.fixture(scope="module")
def backup(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with backups, made while jobs went on, and the passphrase of their secrets; an API key."""
    folder = tmp_path_factory.mktemp("restore")
    server = Server(folder / "here").start()
    try:
        key = server.organization("Shop")["api_key"]
        server.beside(_SOMETHING_OF_ALL)
        passphrase = folder / "passphrase"
        passphrase.write_text("correct horse battery staple")
        server.beside(_JOBS)
        server.manage("backup", str(folder / "backups"), "--passphrase-file", str(passphrase))
    finally:
        server.stop()
    return folder, key


@pytest.fixture
def postgres() -> Iterator[str]:
    with empty_database("restore") as address:
        yield address


def is_well(found: dict[str, object]) -> None:
    images = found.pop("images")
    assert isinstance(images, dict)
    assert len(images) >= 3
    assert set(images.values()) == {True}
    found.pop("done")
    assert found == {"signed_in": True, "key": True, "credential": "cs_planted", "ledger": True}


def test_everything_works_elsewhere_and_jobs_go_on(backup: tuple[Path, str], tmp_path: Path) -> None:
    folder, key = backup
    store = folder / "backups"
    (tmp_path / "wrong").write_text("correct horse battery stable")
    managed("restore", tmp_path / "a", store, "--passphrase-file", str(tmp_path / "wrong"), refused="does not open")
    assert not (tmp_path / "a" / "packshot.sqlite3").exists() or not look_for_people(tmp_path / "a")
    managed("restore", tmp_path / "a", store, "--passphrase-file", str(folder / "passphrase"))
    assert not list((tmp_path / "a").glob("*.restoring*"))
    is_well(is_there(tmp_path / "a", key))
    server = Server(tmp_path / "a").start()
    try:
        managed("restore", tmp_path / "a", store, "--replace", refused="already running")
        server.beside(_WAIT_FOR_JOBS)
    finally:
        server.stop()
    assert is_there(tmp_path / "a", key)["done"] == 12
    managed("restore", tmp_path / "a", store, refused="--replace")
    managed("restore", tmp_path / "a", store, "--replace")
    assert (tmp_path / "a" / "packshot.sqlite3.before-restore").exists()
    is_well(is_there(tmp_path / "a", key))


_WAIT_FOR_JOBS = """
import time
from processing.models import JobImage
for _ in range(600):
    if JobImage.unscoped.filter(status="succeeded").count() == 12:
        break
    time.sleep(0.2)
"""


def look_for_people(data_dir: Path) -> bool:
    return look(data_dir, "from dashboard.backup.schema import is_in_use\nprint(is_in_use())").strip() == "True"


@pytest.mark.postgres
def test_from_sqlite_to_postgresql_and_back(backup: tuple[Path, str], tmp_path: Path, postgres: str) -> None:
    folder, key = backup
    opened = ("--passphrase-file", str(folder / "passphrase"))
    managed("restore", tmp_path / "a", folder / "backups", *opened, DATABASE_URL=postgres)
    is_well(is_there(tmp_path / "a", key, DATABASE_URL=postgres))
    with psycopg.connect(postgres, autocommit=True) as connection:
        managed(
            "restore", tmp_path / "a", folder / "backups", "--replace", *opened, refused="1 others are connected",
            DATABASE_URL=postgres,
        )  # fmt: skip
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
            connection.execute("DELETE FROM accounts_auditentry")
    managed("restore", tmp_path / "a", folder / "backups", "--replace", *opened, DATABASE_URL=postgres)
    managed("backup", tmp_path / "a", tmp_path / "again", "--with-keys", DATABASE_URL=postgres)
    before, after = (manifest.read(manifest.backups(path)[-1]) for path in (folder / "backups", tmp_path / "again"))
    assert {name: table.digest for name, table in before.tables.items()} == {
        name: table.digest for name, table in after.tables.items()
    }
    managed("restore", tmp_path / "b", tmp_path / "again")
    is_well(is_there(tmp_path / "b", key))


def test_one_of_an_older_product_is_brought_up_to_date(backup: tuple[Path, str], tmp_path: Path) -> None:
    folder, key = backup
    store = tmp_path / "older"
    shutil.copytree(folder / "backups", store)
    made = manifest.backups(store)[-1]
    _as_before(made, ("accounts", "0023_user_language"))
    managed("restore", tmp_path / "a", store, "--passphrase-file", str(folder / "passphrase"))
    is_well(is_there(tmp_path / "a", key))


def _as_before(folder: Path, migration: tuple[str, str]) -> None:
    """As the product before that migration, and all that build on it, would have made the backup."""
    said = manifest.read(folder)
    loader = MigrationLoader(None)
    undone = {node for node in loader.graph.backwards_plan(migration) if list(node) in said.migrations}
    assert migration in undone
    said.migrations = [each for each in said.migrations if tuple(each) not in undone]
    left = {(app, name) for app, name in said.migrations} & set(loader.graph.nodes)
    state = loader.project_state([node for node in left if not _goes_on(loader, node, left)])
    models = {model._meta.db_table: model for model in state.apps.get_models(include_auto_created=True)}
    for name in list(said.tables):
        if name not in models:
            (folder / "rows" / said.tables.pop(name).file).unlink()
            continue
        kept = {field.attname for field in models[name]._meta.concrete_fields}
        said.tables[name] = _narrower(folder / "rows" / said.tables[name].file, kept)
    manifest.write(folder, said)


def _goes_on(loader: MigrationLoader, node: tuple[str, str], within: set[tuple[str, str]]) -> bool:
    return any(child.key in within and child.key[0] == node[0] for child in loader.graph.node_map[node].children)


def _narrower(path: Path, kept: set[str]) -> manifest.Table:
    """The table's file with those columns alone."""
    columns, *rows = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    places = [place for place, column in enumerate(columns) if column in kept]
    digest = Digest()
    lines = [json.dumps([columns[place] for place in places]).encode()]
    for row in rows:
        lines.append(json.dumps([row[place] for place in places], sort_keys=True, ensure_ascii=False).encode())
        digest.add(lines[-1])
    path.write_bytes(gzip.compress(b"\n".join(lines) + b"\n"))
    return manifest.Table(path.name, digest.rows, digest.hex, manifest.file_sha256(path))


def test_without_the_secrets_everything_else_is_saved(backup: tuple[Path, str], tmp_path: Path) -> None:
    folder, _ = backup
    managed("restore", tmp_path / "a", folder / "backups", refused="--passphrase-file")
    managed("restore", tmp_path / "a", folder / "backups", "--without-keys")
    assert look_for_people(tmp_path / "a")
