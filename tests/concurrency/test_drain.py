"""The system page's button with a real Celery worker behind it: no further photo, until it may again."""

from __future__ import annotations

import re
import time

import httpx2
import pytest

from tests.support.fleet import wait_for
from tests.support.photos import product_photo
from tests.support.server import PASSWORD, Server

pytestmark = pytest.mark.slow
_SIGN_IN = "/accounts/login/"


def operator_of(server: Server, email: str) -> httpx2.Client:
    """A browser in which an operator is signed in."""
    server.beside(f"from accounts.models import User\nUser.objects.filter(email={email!r}).update(is_staff=True)")
    browser = httpx2.Client(base_url=server.base, timeout=30, headers={"Referer": server.base})
    browser.get(_SIGN_IN)
    sent(browser, _SIGN_IN, login=email, password=PASSWORD)
    assert browser.get("/system/").status_code == 200
    return browser


def sent(browser: httpx2.Client, path: str, **fields: str) -> None:
    answer = browser.post(path, data=fields, headers={"X-CSRFToken": browser.cookies["csrftoken"]})
    assert answer.status_code == 302, answer.text[:500]


def test_a_drained_worker_takes_nothing_until_it_may_again(server: Server) -> None:
    made = server.organization("Drained")
    browser = operator_of(server, made["owner"])
    program = httpx2.Client(base_url=server.base, timeout=30, headers={"x-api-key": made["api_key"]})
    (worker,) = set(re.findall(r'name="worker" value="([^"]+)"', browser.get("/system/").text))

    def submitted(seed: int) -> str:
        answer = program.post("/api/v1/jobs", files={"image": ("mug.jpg", product_photo(seed))})
        assert answer.status_code == 202, answer.text
        job: str = answer.json()["jobId"]
        return job

    def status(job: str) -> str:
        found: str = program.get(f"/api/v1/jobs/{job}").json()["status"]
        return found

    first = submitted(1)
    wait_for(lambda: status(first) == "succeeded", "a photo before it", why=server.log.read_text)
    said = server.log.stat().st_size
    try:
        sent(browser, "/system/workers/drain/", worker=worker, draining="1")
        assert "Take photos again" in browser.get("/system/").text
        wait_for(
            lambda: b"worker_draining" in server.log.read_bytes()[said:], "the worker's word", why=server.log.read_text
        )
        waiting = submitted(2)
        time.sleep(3)
        assert status(waiting) == "queued"
    finally:
        sent(browser, "/system/workers/drain/", worker=worker, draining="0")
    wait_for(lambda: status(waiting) == "succeeded", "the photo that waited", why=server.log.read_text)
    assert "Take photos again" not in browser.get("/system/").text
    assert server.readiness()[0] == 200
