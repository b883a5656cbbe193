"""Every page and list over a million jobs and products. make pages-bench, or python -m tests.benchmarks.pages

In a database of its own on a PostgreSQL server (TEST_POSTGRES_URL): a small organization (1,000 jobs) and a large one
are made by `manage.py generate_load`, then every route of the product that answers a GET (page_routes.py says which are
left out, and why) and its filters are asked for through gunicorn, several times, by one visitor. Printed: milliseconds
(p50, p95), milliseconds of processor (web, database), queries of the large and the small organization, KiB without
images; what misses its mark is marked.

`JOBS=… PRODUCTS=… TURNS=… JSON=file`. `ONLY=/catalog/` asks for what begins so. `KEPT=postgres://…` measures in a
database that is kept: it is made, migrated and filled where it is empty. A loaded machine stretches the milliseconds,
hardly the rest.
"""

from __future__ import annotations

import tests.support.environment  # isort: skip  # noqa: F401  (before Django's settings)

import http.client
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import psycopg

from tests.benchmarks.speed.machine import machine
from tests.support.empty_database import empty_database
from tests.support.server import ROOT, free_port

JOBS = int(os.environ.get("JOBS", "1000000"))
PRODUCTS = int(os.environ.get("PRODUCTS", str(JOBS)))
ONLY = os.environ.get("ONLY", "/")
TURNS = int(os.environ.get("TURNS", "12"))
SMALL = 1000
MOST_MS, MOST_KIB = 150, 150
OWNERS = {"large": "large@load.example", "small": "small@load.example"}


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds through the server, and of processor; queries of the large and of the small organization; KiB."""

    path: str
    status: int
    p50: float
    p95: float
    web: float
    database: float | None
    queries: int
    queries_small: int
    kib: float

    @property
    def misses(self) -> list[str]:
        found = []
        if self.status != 200:
            found.append(f"answers {self.status}")
        if self.p95 >= MOST_MS:
            found.append("slow")
        if self.kib >= MOST_KIB and not self.path.startswith(("/api/", "/metrics")):
            found.append("heavy")
        if self.queries > self.queries_small + 2:
            found.append("queries grow")
        return found


def main() -> None:
    about = machine()
    with ExitStack() as stack:
        address = os.environ.get("KEPT") or stack.enter_context(empty_database("pages"))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="packshot-pages-")))
        environment = os.environ | {"DATABASE_URL": address, "DATA_DIR": str(folder), "ENV_FILE": ""}
        environment |= {"RATE_LIMIT_KEY_PER_MINUTE": "1000000", "SECRET_KEY": secrets.token_urlsafe(48)}
        environment |= {"METRICS_TOKEN": secrets.token_urlsafe(24), "LOG_REQUESTS": "0"}
        os.environ.update(environment)
        began = time.monotonic()
        _fill(environment)
        print(f"built in {time.monotonic() - began:.0f} s", flush=True)
        rows = _measure(environment)
    _print(rows)
    if file := os.environ.get("JSON"):
        sizes = {"jobs": JOBS, "products": PRODUCTS, "turns": TURNS, "most_ms": MOST_MS}
        Path(file).write_text(json.dumps({"machine": about, **sizes, "pages": [asdict(row) for row in rows]}, indent=1))


def _fill(environment: dict[str, str]) -> None:
    manage = [sys.executable, "manage.py"]

    def run(*words: str) -> None:
        subprocess.run([*manage, *words], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)

    run("migrate", "-v0")
    run("collectstatic", "--noinput", "-v0")
    with psycopg.connect(environment["DATABASE_URL"]) as connection:
        there = {email for (email,) in connection.execute("SELECT email FROM accounts_user")}
    if OWNERS["small"] not in there:
        few = ["--jobs", str(SMALL), "--products", str(SMALL), "--members", "60", "--days", "60"]
        run("generate_load", "--beside", "--name", "Small", "--owner", OWNERS["small"], *few)
    if OWNERS["large"] not in there:
        many = ["--jobs", str(JOBS), "--products", str(PRODUCTS)]
        run("generate_load", "--beside", "--name", "Large", "--owner", OWNERS["large"], *many)


def _measure(environment: dict[str, str]) -> list[Measured]:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
    django.setup()
    from tests.benchmarks.page_addresses import addresses
    from tests.benchmarks.page_visitor import Visitor

    visitors = {size: Visitor(email) for size, email in OWNERS.items()}
    wanted = {size: addresses(one.actor) for size, one in visitors.items()}
    rows = []
    with _web(environment) as port:
        asker = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        for path, small in zip(wanted["large"], wanted["small"], strict=True):
            if not path.startswith(ONLY):
                continue
            times, status, weight = [], 0, 0
            for _ in range(TURNS + 1):
                began = time.perf_counter()
                asker.request("GET", path, headers=visitors["large"].headers(path))
                answer = asker.getresponse()
                weight, status = len(answer.read()), answer.status
                times.append(1000 * (time.perf_counter() - began))
            times = sorted(times[1:])
            cost = visitors["large"].cost(path)
            rows.append(
                Measured(
                    path=path,
                    status=status,
                    p50=round(median(times), 1),
                    p95=round(times[max(0, -(-len(times) * 95 // 100) - 1)], 1),
                    web=cost.web,
                    database=cost.database,
                    queries=cost.queries,
                    queries_small=visitors["small"].queries(small),
                    kib=round(weight / 1024, 1),
                )
            )
            _line(rows[-1])
    return rows


@contextmanager
def _web(environment: dict[str, str]) -> Iterator[int]:
    port = free_port()
    command = [
        sys.executable, "-m", "gunicorn", "dashboard.wsgi:application", f"--bind=127.0.0.1:{port}",
        "--worker-class=gthread", "--workers=1", "--threads=8", "--keep-alive=300", "--log-level=warning",
        "--timeout=300",
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, env=environment | {"PORT": str(port)})
    try:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                http.client.HTTPConnection("127.0.0.1", port, timeout=5).request("GET", "/healthz")
                break
            except OSError:
                time.sleep(0.2)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def _line(row: Measured) -> None:
    path = row.path if len(row.path) < 70 else row.path[:67] + "…"
    database = "" if row.database is None else f"{row.database:.0f}"
    print(
        f"{path:<70}{row.p50:>8.1f}{row.p95:>8.1f}{row.web:>6.0f}{database:>6}{row.queries:>5}{row.queries_small:>5}"
        f"{row.kib:>8.1f}  {', '.join(row.misses)}",
        flush=True,
    )


def _print(rows: list[Measured]) -> None:
    missed = [row for row in rows if row.misses]
    print(f"\n{len(rows)} addresses over {JOBS:,} jobs and {PRODUCTS:,} products; {len(missed)} miss a mark:")
    for row in missed:
        _line(row)


if __name__ == "__main__":
    main()
