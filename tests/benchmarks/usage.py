"""What counting a call costs, and what the usage page reads. python -m tests.benchmarks.usage

On SQLite, or on the server of DATABASE_URL (in a test database of its own). `note` is measured against an empty call
and in turns with it: read the ratio. The page is measured over 90 days with few and with many rows, and with many
calls in the same rows: only rows may cost anything.
"""

from __future__ import annotations

import tests.support.environment  # isort: skip  # noqa: F401  (before Django's settings)

import os
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from statistics import median

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from accounts.actions import usage  # noqa: E402
from accounts.actions.api_keys import create_api_key  # noqa: E402
from accounts.kit.call_made import CallMade  # noqa: E402
from accounts.models import UsageDay  # noqa: E402
from accounts.queries.usage import Wanted  # noqa: E402
from accounts.queries.usage import usage as usage_of  # noqa: E402
from tests.support.calls import call  # noqa: E402
from tests.support.cast import Cast, make_cast  # noqa: E402
from tests.support.usage_data import ENDPOINTS, fill  # noqa: E402

CALLS = 50_000
TURNS = 7
THREADS = 16


def main() -> None:
    settings.USAGE_FLUSH_SECONDS = 0
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.ALLOWED_HOSTS = ["*"]
    connection.creation.create_test_db(verbosity=0)
    try:
        cast = make_cast()
        print(f"database: {connection.vendor}\n")
        _note(cast)
        _flush(cast)
        _page(cast)
    finally:
        usage.forget()
        connection.creation.destroy_test_db(settings.DATABASES["default"]["NAME"], verbosity=0)


def _note(cast: Cast) -> None:
    keys = [uuid.uuid4() for _ in range(20)]
    made = [call(cast.alice, key=keys[n % 20], label=f"label {n % 30}", milliseconds=n % 3000) for n in range(CALLS)]

    def seconds(work: Callable[[object], None]) -> float:
        began = time.perf_counter()
        for one in made:
            work(one)
        return time.perf_counter() - began

    def threaded() -> float:
        began = time.perf_counter()
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(lambda number: _note_all(made[number::THREADS]), range(THREADS)))
        return time.perf_counter() - began

    empty, noted, together = [], [], []
    for _ in range(TURNS):
        empty.append(seconds(_nothing))
        noted.append(seconds(usage.note))  # type: ignore[arg-type]
        together.append(threaded())
    each = [1e6 * median(times) / CALLS for times in (empty, noted, together)]
    print(f"{'an empty call':<34}{each[0]:8.3f} µs")
    print(f"{'note':<34}{each[1]:8.3f} µs   {each[1] / each[0]:.0f} times an empty call; 100 µs are allowed")
    print(f"{f'note from {THREADS} threads at once':<34}{each[2]:8.3f} µs of the process for each\n")


def _note_all(made: list[CallMade]) -> None:
    for one in made:
        usage.note(one)


def _nothing(one: object) -> None:
    """Takes what `note` takes."""


def _flush(cast: Cast) -> None:
    usage.forget()
    for labels in (1, 1000):
        for number in range(labels):
            usage.note(call(cast.alice, label=f"{number % 90}", endpoint=f"GET /{number // 90}"))
        for word in ("insert", "add"):
            if word == "add":
                for number in range(labels):
                    usage.note(call(cast.alice, label=f"{number % 90}", endpoint=f"GET /{number // 90}"))
            began = time.perf_counter()
            rows = usage.flush()
            print(f"{f'flush of {rows} rows, {word}':<34}{1000 * (time.perf_counter() - began):8.1f} ms")
    print()


def _page(cast: Cast) -> None:
    assert cast.alice.user is not None
    client = Client()
    client.force_login(cast.alice.user)
    keys = [create_api_key(cast.alice, name=f"{n}", scopes=["*"])[0].pk for n in range(20)]
    today = datetime.now(UTC).date()
    wanted = Wanted(today - timedelta(days=89), today)
    print(f"{'90 days':<34}{'rows':>8}{'calls':>14}{'query':>11}{'page':>11}  reads of usage")
    for name, count, labels, calls in (
        ("1 key, no labels", 1, [""], 100),
        ("20 keys, no labels", 20, [""], 100),
        ("20 keys, 10 labels", 20, [f"label {n}" for n in range(10)], 100),
        ("the same, 100 times the calls", 20, [f"label {n}" for n in range(10)], 10_000),
    ):
        UsageDay.unscoped.all().delete()
        rows = fill(cast.alice, keys[:count], endpoints=ENDPOINTS, labels=labels, calls=calls)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE accounts_usageday")
        total = usage_of(cast.alice, wanted).total.calls
        query = median(_timed(lambda: usage_of(cast.alice, wanted)) for _ in range(5))
        page = median(_timed(lambda: client.get("/usage/?period=90")) for _ in range(5))
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/usage/?period=90").status_code == 200
        reads = sum("usageday" in one["sql"] for one in captured)
        print(f"{name:<34}{rows:>8,}{total:>14,}{query:>8.0f} ms{page:>8.0f} ms  {reads} query")


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


if __name__ == "__main__":
    main()
