"""From SQLite to PostgreSQL: every row, compared; the same people, keys and secrets work there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.support import prepared
from tests.support.beside import Beside
from tests.support.empty_database import empty_database
from tests.support.server import ROOT, organization_made_by

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

_ACTOR = """
from accounts.access.credentials import actor_for_key
from accounts.access.actor import member_actor
from accounts.models import Membership
row = Membership.unscoped.select_related("user", "organization").get(organization__name="Shop")
actor = member_actor(row.user, row.organization, row.role, ip=None, request_id="")
"""
_SOME_WORK = (
    _ACTOR
    + """
from accounts.actions.webhook_endpoints import create_endpoint
from processing.actions.assets import save_upload
from processing.actions.submit import Request, submit
from tests.support.in_process_worker import run_all
from tests.support.photos import product_photo
create_endpoint(actor, url="https://example.com/hook", events=["*"])
for seed in range(2):
    photo = save_upload(actor, data=product_photo(seed), name=f"{seed}.jpg")
    submit(actor, Request(sources=[photo], parameters={"width": 300, "height": 300}))
run_all()
"""
)
_LOOK = (
    _ACTOR
    + """
from django.db.models import Sum
from accounts.kit.encryption import decrypt
from accounts.models import LedgerEntry, WebhookEndpoint
from accounts.queries.credits import balance
endpoint = WebhookEndpoint.unscoped.get()
decrypt(endpoint.secret)
whose = actor_for_key("{key}")
print(balance(whose), LedgerEntry.objects.of(actor).aggregate(n=Sum("amount"))["n"], endpoint.url)
"""
)
_COUNTS = """
import json
from django.apps import apps
print(json.dumps({m._meta.label: m._base_manager.count() for m in apps.get_models() if m._meta.managed}))
"""


@pytest.fixture
def target() -> Iterator[str]:
    with empty_database("move") as address:
        yield address


def environment(data_dir: Path, **settings: str) -> dict[str, str]:
    own = {"ENV_FILE": "", "DATA_DIR": str(data_dir), "SEGMENTATION_MODEL": "grabcut", "EMAIL_URL": "dummymail://"}
    return {"PATH": os.environ["PATH"]} | own | settings


def moved(data_dir: Path, address: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "move_database", address],
        cwd=ROOT, env=environment(data_dir), capture_output=True, text=True, timeout=300,
    )  # fmt: skip


def test_everything_arrives_and_works_there(tmp_path: Path, target: str) -> None:
    prepared.copy_into(tmp_path)
    here = Beside(environment(tmp_path), tmp_path / "here.log")
    key = organization_made_by(here.run, "Shop", 50)["api_key"]
    here.run(_SOME_WORK)
    before = json.loads(here.run(_COUNTS))
    here.stop()
    done = moved(tmp_path, target)
    assert done.returncode == 0, done.stdout + done.stderr
    there = Beside(environment(tmp_path, DATABASE_URL=target), tmp_path / "there.log")
    try:
        assert json.loads(there.run(_COUNTS)) == before
        assert before["processing.JobImage"] == 2
        assert before["accounts.AuditEntry"] >= 1
        assert there.run(_LOOK.format(key=key)).split() == ["48", "48", "https://example.com/hook"]
        # The next rows get numbers of their own, and the audit log is guarded there too.
        organization_made_by(there.run, "Second", 5)
    finally:
        there.stop()
    again = moved(tmp_path, target)
    assert again.returncode != 0
    assert "Give an empty one" in again.stderr


def test_a_table_that_does_not_arrive_whole_leaves_nothing(tmp_path: Path, target: str) -> None:
    prepared.copy_into(tmp_path)
    here = Beside(environment(tmp_path), tmp_path / "here.log")
    organization_made_by(here.run, "Shop", 50)
    here.stop()
    migrated = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0"],
        cwd=ROOT, env=environment(tmp_path, DATABASE_URL=target), capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert migrated.returncode == 0, migrated.stderr
    with psycopg.connect(target, autocommit=True) as connection:
        connection.execute(
            "CREATE FUNCTION spoil() RETURNS trigger AS $$ BEGIN NEW.name = 'Another'; RETURN NEW; END $$ "
            "LANGUAGE plpgsql"
        )
        connection.execute(
            "CREATE TRIGGER spoil BEFORE INSERT ON accounts_organization FOR EACH ROW EXECUTE FUNCTION spoil()"
        )
        done = moved(tmp_path, target)
        assert done.returncode != 0
        assert "accounts_organization" in done.stderr
        assert connection.execute("SELECT count(*) FROM accounts_user").fetchone() == (0,)
