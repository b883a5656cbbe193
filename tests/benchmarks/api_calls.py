"""What the platform around a call costs, on PostgreSQL and Redis. python -m tests.benchmarks.api_calls

What authentication, rate limit and idempotency add to a call is timed around exactly that code, against one round trip
to each of the two stores. The rest is seen from outside, with two gunicorn workers and every client and server process
on this machine. The calls take turns, so that a busy machine slows all of them: read the ratios.
"""

from __future__ import annotations

import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import django
from django.db import connections

from tests.support.empty_database import empty_database
from tests.support.photos import product_photo
from tests.support.server import ROOT, Server

TURNS = int(os.environ.get("TURNS", "300"))
SECONDS = float(os.environ.get("SECONDS", "8"))
CONNECTIONS = 16
WORKERS, THREADS = 2, 16


@contextmanager
def web(server: Server) -> Iterator[None]:
    """The web processes alone: nothing here waits for a worker."""
    command = [
        sys.executable, "-m", "gunicorn", "dashboard.wsgi:application", f"--bind=127.0.0.1:{server.port}",
        "--worker-class=gthread", f"--workers={WORKERS}", f"--threads={THREADS}", "--keep-alive=15",
        "--log-level=warning",
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, env=server.environment)
    try:
        while server.readiness()[0] == 0:
            time.sleep(0.2)
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


class Caller:
    """One connection that is kept open."""

    def __init__(self, port: int, key: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.key = key

    def get(self, path: str) -> float:
        return self._timed("GET", path, None, {"x-api-key": self.key})

    def upload(self, photo: bytes, *, once: bool) -> float:
        boundary = uuid.uuid4().hex
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\n\r\n'
        body = head.encode() + photo + f"\r\n--{boundary}--\r\n".encode()
        headers = {"x-api-key": self.key, "Content-Type": f"multipart/form-data; boundary={boundary}"}
        if once:
            headers["Idempotency-Key"] = uuid.uuid4().hex
        return self._timed("POST", "/api/v1/files", body, headers)

    def _timed(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> float:
        started = time.perf_counter()
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        answer.read()
        taken = time.perf_counter() - started
        assert answer.status in {200, 201}, answer.status
        return taken * 1000


def added(key: str) -> None:
    """Times what stands around a call, in this process. The database's connection is there: every call needs one."""
    import redis
    from django.conf import settings
    from django.db import connection
    from django.http import HttpRequest, JsonResponse
    from django.test import RequestFactory

    from dashboard.api import idempotent, rate_limits
    from dashboard.api.body import Body
    from dashboard.api.call import call_of

    def asked() -> HttpRequest:
        headers = {"x-api-key": key, "Idempotency-Key": uuid.uuid4().hex}
        request = RequestFactory().post("/api/v1/jobs", {"margin": "0.1"}, headers=headers)
        call_of(request).endpoint = "POST /api/v1/jobs"
        return request

    store = redis.Redis.from_url(settings.REDIS_URL)
    parts: dict[str, list[float]] = {"round trips": [], "who and how often": [], "idempotency": []}
    for turn in range(TURNS + 20):
        request, answer = asked(), JsonResponse({"jobId": str(uuid.uuid4()), "status": "queued"}, status=202)
        call = call_of(request)
        connection.ensure_connection()
        marks = [time.perf_counter()]
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        store.ping()
        marks.append(time.perf_counter())
        rate_limits.admit(request, call)
        rate_limits.put_headers(request, answer, call)
        marks.append(time.perf_counter())
        idempotent.claim(request, Body({"margin": "0.1"}))
        idempotent.settle(call, answer)
        marks.append(time.perf_counter())
        connection.close()  # given back to the pool, as at the end of a request
        if turn >= 20:
            for name, (start, end) in zip(parts, pairwise(marks), strict=True):
                parts[name].append((end - start) * 1000)
    median = {name: statistics.median(taken) for name, taken in parts.items()}
    total = median["who and how often"] + median["idempotency"]
    who, once = median["who and how often"], median["idempotency"]
    print(f"authentication and rate limit {who:.2f} ms, idempotency {once:.2f} ms")
    print(f"together {total:.2f} ms, {total / 5:.2f} of the 5 ms allowed, ", end="")
    print(f"{total / median['round trips']:.1f} of a round trip to each store ({median['round trips']:.2f} ms)")


def latencies(port: int, key: str) -> None:
    caller, photo = Caller(port, key), product_photo(0, size=(64, 64))
    taken: dict[str, list[float]] = {"healthz": [], "credits": [], "upload": [], "upload once": []}
    for turn in range(TURNS + 20):
        found = {
            "healthz": caller.get("/healthz"),
            "credits": caller.get("/api/v1/user/credits"),
            "upload": caller.upload(photo, once=False),
            "upload once": caller.upload(photo, once=True),
        }
        if turn >= 20:
            for name, milliseconds in found.items():
                taken[name].append(milliseconds)
    median = {name: statistics.median(each) for name, each in taken.items()}
    for name, milliseconds in median.items():
        ratio = milliseconds / median["healthz"]
        print(f"{name:12} {milliseconds:6.2f} ms (median of {TURNS}), {ratio:.1f} of healthz")


def per_second(port: int, key: str, path: str) -> float:
    end = time.monotonic() + SECONDS
    counts = [0] * CONNECTIONS

    def work(number: int) -> None:
        caller = Caller(port, key)
        while time.monotonic() < end:
            caller.get(path)
            counts[number] += 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(CONNECTIONS)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.monotonic() - started)


def main() -> None:
    with empty_database("calls") as url, tempfile.TemporaryDirectory() as folder:
        stores = {"DATABASE_URL": url, "REDIS_URL": "redis://127.0.0.1:6379/12", "LOG_LEVEL": "WARNING"}
        server = Server(Path(folder), stores | {"RATE_LIMIT_KEY_PER_MINUTE": "10000000", "DEBUG": "0"})
        server.manage("migrate", "--verbosity=0")
        key = server.organization()["api_key"]
        print(f"{os.cpu_count()} processors; gunicorn: {WORKERS} workers of {THREADS} threads; PostgreSQL, Redis")
        print(f"client: 1 kept connection for latencies, {CONNECTIONS} in one process for throughput")
        # The same settings for this process: what it times is the server's own code.
        os.environ.update(server.environment)
        os.environ["DJANGO_SETTINGS_MODULE"] = "dashboard.settings"
        django.setup()
        added(key)
        connections.close_all()
        with web(server):
            latencies(server.port, key)
            bare = per_second(server.port, key, "/healthz")
            calls = per_second(server.port, key, "/api/v1/user/credits")
            print(f"GET /api/v1/user/credits: {calls:.0f} calls/s, {calls / 300:.2f} of the 300 wanted; ", end="")
            print(f"{calls / bare:.2f} of the bare server's {bare:.0f}")
    print(json.dumps({"calls_per_second": round(calls), "wanted": 300}))


if __name__ == "__main__":
    main()
