"""A worker that ends itself after some photos, in the middle of a batch: the next one goes on, and nothing is lost."""

from __future__ import annotations

import json
import time
import urllib.request
import uuid
from pathlib import Path
from typing import Any

import pytest

from tests.support.photos import product_photo
from tests.support.server import Server

pytestmark = pytest.mark.slow

PHOTOS, EACH = 9, 4


def ask(server: Server, key: str, path: str, body: bytes | None = None, kind: str = "application/json") -> Any:
    request = urllib.request.Request(server.base + path, data=body, headers={"x-api-key": key, "Content-Type": kind})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def batch(count: int) -> tuple[bytes, str]:
    boundary = uuid.uuid4().hex
    parts = b"".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="image"; filename="{seed}.jpg"\r\n'
        f"Content-Type: image/jpeg\r\n\r\n".encode()
        + product_photo(seed)
        + b"\r\n"
        for seed in range(count)
    )
    return parts + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def workers(server: Server) -> set[str]:
    code = (
        "from processing.models import JobImage\nprint(*JobImage.unscoped.values_list('worker', flat=True).distinct())"
    )
    return set(server.beside(code).split())


def test_a_worker_that_has_made_enough_is_followed_by_another(tmp_path: Path) -> None:
    server = Server(tmp_path / "data", {"WORKER_MAX_IMAGES": str(EACH)}).start(ready_within=180)
    try:
        key = server.organization(credits=PHOTOS)["api_key"]
        body, kind = batch(PHOTOS)
        status = ask(server, key, "/api/v1/jobs", body, kind)["statusUrl"].removeprefix(server.base)
        deadline = time.monotonic() + 240
        while (job := ask(server, key, status))["status"] in {"queued", "running"}:
            assert time.monotonic() < deadline, job
            time.sleep(0.3)
        assert job["status"] == "succeeded"
        assert [output["index"] for output in job["outputs"]] == list(range(PHOTOS))
        assert all("url" in output for output in job["outputs"])
        assert len({output["sha256"] for output in job["outputs"]}) == PHOTOS
        assert job["credits"]["remaining"] == 0
        assert len(workers(server)) >= PHOTOS // (EACH + 1)
        losses = (
            "from processing.models import JobImage\nprint(sum(JobImage.unscoped.values_list('losses', flat=True)))"
        )
        assert server.beside(losses).strip() == "0"
    finally:
        server.kill()
