"""On the real queue: one organization's large batch is at work, and another one sends a single image."""

from __future__ import annotations

import json
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.empty_database import empty_database
from tests.support.photos import product_photo
from tests.support.server import Server

pytestmark = pytest.mark.slow

BATCH, THREADS = 120, 2

# How many photos of others were taken between the single image's arrival and its own turn, and how many still wait.
OVERTAKEN = """
from processing.models import JobImage
single = JobImage.unscoped.get(job__image_count=1)
others = JobImage.unscoped.exclude(pk=single.pk)
between = others.filter(started_at__gt=single.queued_at, started_at__lt=single.started_at).count()
print(between, others.filter(status="queued").count(), single.status)
"""


def post(server: Server, key: str, path: str, photos: list[bytes], **fields: str) -> Any:
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    parts += [
        f'--{boundary}\r\nContent-Disposition: form-data; name="image"; filename="{number}.jpg"\r\n'
        f"Content-Type: image/jpeg\r\n\r\n".encode()
        + photo
        + b"\r\n"
        for number, photo in enumerate(photos)
    ]
    request = urllib.request.Request(
        server.base + path,
        data=b"".join(parts) + f"--{boundary}--\r\n".encode(),
        headers={"x-api-key": key, "Content-Type": f"multipart/form-data; boundary={boundary}"},
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)


def a_batch_does_not_hold_up_a_single_image(server: Server) -> None:
    try:
        server.start(ready_within=180)
        large, small = server.organization("Large", credits=BATCH)["api_key"], server.organization("Small")["api_key"]
        photos = [product_photo(seed, size=(1000, 800)) for seed in range(4)]
        post(server, large, "/api/v1/jobs", [photos[number % 4] for number in range(BATCH)], width="1500", margin="0.1")
        assert post(server, small, "/api/v1/process", [product_photo(9)])["success"]
        between, waiting, status = server.beside(OVERTAKEN).split()
        assert status == "succeeded"
        assert int(waiting) > 0, "the batch must still be at work"
        # Each thread may have chosen its next photo in the moment before the single image came.
        assert int(between) <= THREADS
    finally:
        if server.process and server.process.poll() is None:
            server.kill()


def test_embedded(tmp_path: Path) -> None:
    a_batch_does_not_hold_up_a_single_image(Server(tmp_path, {"WORKER_THREADS": str(THREADS)}))


@pytest.fixture
def database() -> Iterator[str]:
    with empty_database("fair") as address:
        yield address


@pytest.mark.postgres
@pytest.mark.redis
def test_on_postgresql_and_redis(tmp_path: Path, database: str) -> None:
    stores = {
        "DATABASE_URL": database,
        "CELERY_BROKER_URL": "redis://127.0.0.1:6379/5",
        "REDIS_URL": "redis://127.0.0.1:6379/6",
        "WORKER_THREADS": str(THREADS),
    }
    a_batch_does_not_hold_up_a_single_image(Server(tmp_path, stores))
