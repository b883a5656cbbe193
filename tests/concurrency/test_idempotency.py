"""Fifty simultaneous POSTs with one Idempotency-Key: one job, one charge; every answer is the result or a 409 that
becomes the result."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.empty_database import empty_database
from tests.support.photos import product_photo
from tests.support.server import Server

COUNT = 50


def form(photo: bytes) -> tuple[bytes, str]:
    """The same form every time, behind another boundary."""
    boundary = uuid.uuid4().hex
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="margin"\r\n\r\n0.1\r\n--{boundary}\r\n'
    head += 'Content-Disposition: form-data; name="image"; filename="mug.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    return head.encode() + photo + f"\r\n--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def send(server: Server, key: str, once: str, path: str, photo: bytes) -> tuple[int, dict[str, object], str]:
    body, kind = form(photo)
    headers = {"x-api-key": key, "Idempotency-Key": once, "Content-Type": kind}
    request = urllib.request.Request(server.base + path, data=body, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer), ""
    except urllib.error.HTTPError as error:
        return error.code, json.load(error), error.headers.get("Retry-After", "")


def read(server: Server, key: str, path: str) -> dict[str, object]:
    request = urllib.request.Request(server.base + path, headers={"x-api-key": key})
    with urllib.request.urlopen(request, timeout=30) as answer:
        found: dict[str, object] = json.load(answer)
        return found


def fifty_at_once(server: Server, path: str, good: int) -> None:
    key = server.organization(f"Fifty{uuid.uuid4().hex[:6]}", credits=COUNT)["api_key"]
    photo = product_photo(3, size=(640, 480))
    once = uuid.uuid4().hex
    together = threading.Barrier(COUNT)

    def sent(_: int) -> tuple[dict[str, object], int]:
        together.wait(timeout=30)
        waits = 0
        while True:
            status, body, wait = send(server, key, once, path, photo)
            if status == good:
                return body, waits
            assert status == 409, (status, body)
            assert body["code"] == "idempotency_in_progress"
            waits += 1
            assert waits < 60
            time.sleep(int(wait))

    with ThreadPoolExecutor(COUNT) as pool:
        answers = list(pool.map(sent, range(COUNT)))
    assert len({str(body["jobId"]) for body, _ in answers}) == 1
    assert all(body == answers[0][0] for body, _ in answers)
    jobs = read(server, key, "/api/v1/jobs")["jobs"]
    assert isinstance(jobs, list)
    assert len(jobs) == 1
    assert read(server, key, "/api/v1/user/credits")["credits"] == COUNT - 1
    print(f"{path}: {COUNT} answers, {sum(waits > 0 for _, waits in answers)} of them after a 409; one job, one charge")


@pytest.mark.parametrize(("path", "good"), [("/api/v1/process", 200), ("/api/v1/jobs", 202)])
def test_embedded(server: Server, path: str, good: int) -> None:
    fifty_at_once(server, path, good)


@pytest.fixture
def database() -> Iterator[str]:
    with empty_database("once") as address:
        yield address


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.slow
def test_on_postgresql_and_redis(tmp_path: Path, database: str) -> None:
    stores = {
        "DATABASE_URL": database,
        "CELERY_BROKER_URL": "redis://127.0.0.1:6379/13",
        "REDIS_URL": "redis://127.0.0.1:6379/14",
    }
    server = Server(tmp_path, stores).start()
    try:
        fifty_at_once(server, "/api/v1/process", 200)
        fifty_at_once(server, "/api/v1/jobs", 202)
    finally:
        server.stop()
