"""Syncing a large WooCommerce catalog: memory and products a second. python -m tests.benchmarks.catalog_sync [products]

A shop on this machine makes up its pages as they are asked for, in another process. Each size is synced by a process
of its own; printed are products a second, peak memory, and the ratio of the peaks, which must stay near one: a page is
held at a time, however many there are.
"""

from __future__ import annotations

import tests.support.environment  # isort: skip  # noqa: F401  (before Django's settings)

import json
import os
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

PRODUCTS = int(sys.argv[1]) if sys.argv[1:] and sys.argv[1].isdecimal() else 100_000


def main() -> None:
    shop = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.catalog_sync", "--shop"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert shop.stdout
        address = f"http://127.0.0.1:{int(shop.stdout.readline())}"
        small, large = _measured(address, PRODUCTS // 10), _measured(address, PRODUCTS)
        print(f"peak {large['peak']:.0f} MiB / {small['peak']:.0f} MiB = {large['peak'] / small['peak']:.2f}")
    finally:
        shop.terminate()
        shop.wait()


def _measured(address: str, size: int) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.catalog_sync", "--sync", address, str(size)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    each = size / found["seconds"]
    print(f"{size:>9,} products: {each:,.0f} a second, peak {found['peak']:.0f} MiB, read {found['read']:,.0f}")
    return found


def _sync(address: str, size: int) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
    django.setup()
    from django.conf import settings
    from django.db import connection

    from integrations.actions import sync
    from integrations.models import CatalogSync, Connection
    from integrations.models.connection import sealed
    from tests.benchmarks.peak_memory import peak_mib
    from tests.support.cast import make_cast

    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    connection.creation.create_test_db(verbosity=0)
    try:
        bob = make_cast().bob
        keys = {"consumer_key": "ck_x", "consumer_secret": "cs_x"}
        row = Connection.unscoped.create(
            organization=bob.organization, marketplace="woocommerce", name="Large", address=f"{address}/{size}",
            credentials=sealed(keys), masked="", maker=bob.user, calls_per_minute=1_000_000,
        )  # fmt: skip
        began = time.perf_counter()
        started = sync.start(bob, connection_id=row.pk)
        while started.open:
            sync.work(started.pk)
            started.refresh_from_db()
        seconds = time.perf_counter() - began
        assert started.status == CatalogSync.Status.SUCCEEDED, started.problem
        print(json.dumps({"seconds": seconds, "peak": peak_mib(), "read": started.read}))
    finally:
        connection.creation.destroy_test_db(settings.DATABASES["default"]["NAME"], verbosity=0)


class _Shop(BaseHTTPRequestHandler):
    """Pages of a catalog whose size is the first part of the path: four images to a product, a kilobyte of text."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        size = int(parts.path.split("/")[1])
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        per_page, number = int(query.get("per_page", "10")), int(query.get("page", "1"))
        first = (number - 1) * per_page
        body = json.dumps([_product(n) for n in range(first + 1, min(first + per_page, size) + 1)]).encode()
        self.send_response(200)
        for name, value in (
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(body))),
            ("X-WP-Total", str(size)),
            ("X-WP-TotalPages", str(-(-size // per_page))),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


def _product(number: int) -> dict[str, object]:
    images = [
        {
            "id": number * 10 + at,
            "src": f"https://shop.example/wp-content/uploads/{number}-{at}.jpg",
            "alt": "",
            "name": "",
        }
        for at in range(4)
    ]
    return {
        "id": number, "name": f"Product {number} " + "with a long name " * 4, "slug": f"product-{number}",
        "sku": f"SKU-{number:07}", "global_unique_id": "", "status": "publish", "type": "simple",
        "permalink": f"https://shop.example/product/{number}/", "images": images, "variations": [],
    }  # fmt: skip


def _serve() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Shop)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    if "--shop" in sys.argv:
        _serve()
    elif "--sync" in sys.argv:
        _sync(sys.argv[2], int(sys.argv[3]))
    else:
        main()
