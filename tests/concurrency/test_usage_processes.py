"""Usage over several processes: each writes what it has counted, at its end too, and nothing is written twice."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Sum

from accounts.models import UsageDay
from tests.support.cast import make_cast
from tests.support.server import Server

ROOT = Path(__file__).resolve().parents[2]

_COUNT = """
import os, sys, threading
import django
django.setup()
from accounts.actions import usage
from accounts.models import Organization
from tests.support.calls import call
class actor: organization = Organization.objects.get(slug=sys.argv[1])
def work(times):
    for number in range(times):
        usage.note(call(actor, label=f"label {number % 5}", status=500 if number % 10 == 0 else 200))
threads = [threading.Thread(target=work, args=(250,)) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
if "fork" in sys.argv and os.fork() == 0:
    work(10)
    sys.exit()
if "fork" in sys.argv:
    os.wait()
"""


def child(folder: Path, *arguments: str, every: int) -> subprocess.Popen[str]:
    """A Python that counts in the database of this test and ends, without asking for anything to be written."""
    database = connection.settings_dict
    environment = os.environ | {
        "DATA_DIR": str(folder),
        "USAGE_FLUSH_SECONDS": str(every),
        "DJANGO_SETTINGS_MODULE": "dashboard.settings",
        "PYTHONPATH": str(ROOT),
    }
    if connection.vendor == "postgresql":
        who = f"{database['USER']}:{database['PASSWORD']}" if database["PASSWORD"] else database["USER"]
        address = f"postgres://{who}@{database['HOST']}:{database['PORT'] or 5432}/{database['NAME']}"
        environment["DATABASE_URL"] = address
    elif not (folder / "packshot.sqlite3").exists():
        (folder / "packshot.sqlite3").symlink_to(database["NAME"])
    return subprocess.Popen(
        [sys.executable, "-c", _COUNT, *arguments], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("every", [0, 1], ids=["at their end", "now and then"])
def test_two_processes_add_to_the_same_rows(tmp_path: Path, every: int) -> None:
    cast = make_cast()
    slug = cast.alice.organization.slug
    children = [child(tmp_path, slug, every=every) for _ in range(2)]
    for one in children:
        assert one.wait(timeout=60) == 0, one.stderr and one.stderr.read()
    rows = UsageDay.objects.of(cast.alice)
    total = rows.aggregate(calls=Sum("calls"), failed=Sum("errors_5xx"), bucket=Sum("up_to_10"))
    assert total == {"calls": 2000, "failed": 200, "bucket": 2000}
    assert rows.count() == 5


@pytest.mark.django_db(transaction=True)
def test_a_forked_process_counts_for_itself(tmp_path: Path) -> None:
    cast = make_cast()
    one = child(tmp_path, cast.alice.organization.slug, "fork", every=0)
    assert one.wait(timeout=60) == 0, one.stderr and one.stderr.read()
    assert UsageDay.objects.of(cast.alice).aggregate(sum=Sum("calls"))["sum"] == 1010


@pytest.mark.slow
def test_a_server_writes_now_and_then_and_at_its_end(tmp_path: Path) -> None:
    server = Server(tmp_path, {"USAGE_FLUSH_SECONDS": "1"}).start()
    key = server.organization("Usage")["api_key"]

    def calls() -> int:
        with closing(sqlite3.connect(tmp_path / "packshot.sqlite3", timeout=10)) as database:
            found = database.execute("SELECT coalesce(sum(calls), 0) FROM accounts_usageday").fetchone()
            return int(found[0])

    def ask(path: str) -> None:
        request = urllib.request.Request(f"{server.base}/api/v1{path}", headers={"x-api-key": key})
        try:
            urllib.request.urlopen(request, timeout=30).close()
        except urllib.error.HTTPError as error:
            error.close()

    try:
        for path in ("/jobs", "/user/credits", "/jobs/00000000-0000-0000-0000-000000000000"):
            ask(path)
        deadline = time.monotonic() + 10
        while calls() < 3:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        ask("/jobs")
    finally:
        assert server.stop() == 0
    assert calls() == 4
    assert settings.USAGE_FLUSH_SECONDS == 0, "these tests write when they say so"
