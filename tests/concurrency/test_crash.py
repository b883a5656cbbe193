"""kill -9 of everything in the middle of 20 jobs, then a new start: all end, none twice, no credit lost."""

from __future__ import annotations

import json
import time
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.empty_database import empty_database
from tests.support.photos import product_photo
from tests.support.server import Server

JOBS = 20


def call(server: Server, key: str, path: str, *, body: object = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        server.base + path, data=data, headers={"x-api-key": key, "Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def upload(server: Server, key: str, data: bytes) -> str:
    boundary = uuid.uuid4().hex
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="photo.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    ).encode() + data + f"\r\n--{boundary}--\r\n".encode()  # fmt: skip
    request = urllib.request.Request(
        f"{server.base}/api/v1/files",
        data=body,
        headers={"x-api-key": key, "Content-Type": f"multipart/form-data; boundary={boundary}"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        file_id: str = json.load(answer)["fileId"]
        return file_id


def statuses(server: Server, key: str) -> list[str]:
    return [job["status"] for job in call(server, key, "/api/v1/jobs?limit=100")["jobs"]]


def kill_in_the_middle_and_start_again(server: Server) -> None:
    server.start()
    try:
        key = server.organization(credits=1000)["api_key"]
        for number in range(JOBS):
            file_id = upload(server, key, product_photo(number, size=(1600, 1200)))
            call(server, key, "/api/v1/jobs", body={"fileId": file_id, "width": 1500, "height": 1500, "margin": 0.1})
        deadline = time.monotonic() + 60
        while (done := statuses(server, key).count("succeeded")) < 3 and time.monotonic() < deadline:
            time.sleep(0.02)
        assert 3 <= done < JOBS, "the kill must come in the middle"
        server.kill()
        assert server.readiness()[0] == 0
        server.start()
        deadline = time.monotonic() + 120
        while {"queued", "running"} & set(statuses(server, key)) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert statuses(server, key) == ["succeeded"] * JOBS
        assert call(server, key, "/api/v1/user/credits")["credits"] == 1000 - JOBS
        outputs = [output for job in call(server, key, "/api/v1/jobs?limit=100")["jobs"] for output in job["outputs"]]
        assert len(outputs) == JOBS
        with urllib.request.urlopen(outputs[-1]["url"], timeout=10) as answer:
            assert answer.read(3) == b"\xff\xd8\xff"
        print(f"killed with {done} of {JOBS} done; after the new start {JOBS} ended, {JOBS} charged, 0 lost")
    finally:
        if server.process and server.process.poll() is None:
            server.stop()


@pytest.mark.slow
def test_embedded(tmp_path: Path) -> None:
    kill_in_the_middle_and_start_again(Server(tmp_path, {"EMAIL_URL": "dummymail://"}))


@pytest.fixture
def database() -> Iterator[str]:
    with empty_database("crash") as address:
        yield address


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.redis
def test_on_postgresql_and_redis(tmp_path: Path, database: str) -> None:
    kill_in_the_middle_and_start_again(
        Server(
            tmp_path,
            {
                "DATABASE_URL": database,
                "CELERY_BROKER_URL": "redis://127.0.0.1:6379/5",
                "REDIS_URL": "redis://127.0.0.1:6379/6",
                "JOB_LEASE_SECONDS": "4",
            },
        )
    )
