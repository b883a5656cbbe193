"""Whatever goes wrong: the answer says the request it belongs to, so that the operator finds it in the log, and nothing
of the inside."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.access.actor import Actor
from tests.support.cast import Cast
from tests.support.planted_secrets import broken

pytestmark = pytest.mark.django_db
As = Callable[[Actor], Client]
HTMX = {"HX-Request": "true"}
ID = "my-request-4711"
INSIDE = re.compile(rb"Traceback|\.py\b|OperationalError|ProgrammingError|no such table|SELECT |accounts_|processing_")


def asked(client: Client, method: str, path: str, sent: Any = None, **headers: str) -> Any:
    client.raise_request_exception = False
    return getattr(client, method)(path, sent, headers={"X-Request-Id": ID, **headers})


def large() -> SimpleUploadedFile:
    return SimpleUploadedFile("mug.jpg", b"\xff\xd8\xff" + bytes(5000), content_type="image/jpeg")


@pytest.fixture
def wrong(cast: Cast, as_: As, settings: Any) -> dict[str, Callable[[], Any]]:
    """By what it is: something that goes wrong."""
    settings.MAX_UPLOAD_BYTES = 1000
    key = {"x-api-key": cast.key()}
    strict = Client(enforce_csrf_checks=True)
    return {
        "page 400": lambda: asked(Client(), "get", "/accounts/login/", host="evil.example"),
        "page 403": lambda: asked(as_(cast.victor), "get", "/audit/"),
        "page 403, a form": lambda: asked(strict, "post", "/accounts/login/", {"login": "x"}),
        "page 404": lambda: asked(as_(cast.bob), "get", "/no/such/page/"),
        "page 404, of others": lambda: asked(as_(cast.charlie), "get", "/jobs/01900000-0000-7000-8000-00000000dead/"),
        "part 403": lambda: asked(as_(cast.victor), "get", "/audit/", **HTMX),
        "part 404": lambda: asked(as_(cast.bob), "get", "/library/01900000-0000-7000-8000-00000000dead/", **HTMX),
        "part 413": lambda: asked(as_(cast.bob), "post", "/studio/photos/", {"image": large()}, **HTMX),
        "call 401": lambda: asked(Client(), "get", "/api/v1/jobs"),
        "call 404": lambda: asked(Client(), "get", "/api/v1/nothing", **key),
        "call 413": lambda: asked(Client(), "post", "/api/v1/files", {"image": large()}, **key),
        "call 415": lambda: Client().post("/api/v1/process", b"x", content_type="text/plain",
                                          headers={"X-Request-Id": ID, **key}),
    }  # fmt: skip


def test_every_error_says_the_request_it_belongs_to(wrong: dict[str, Callable[[], Any]]) -> None:
    for what, ask in wrong.items():
        answer = ask()
        assert answer.status_code == int(what.split()[1].strip(",")), what
        assert answer["X-Request-Id"] == ID, what
        assert ID in answer.content.decode(), what
        assert not INSIDE.search(answer.content), what


def test_a_defect_says_nothing_of_the_inside(cast: Cast, as_: As, caplog: pytest.LogCaptureFixture) -> None:
    key = {"x-api-key": cast.key()}
    families = {
        "/api/v1/jobs": key,
        "/v3/file-ops/usage/": {"Authorization": f"Token {key['x-api-key']}"},
        "/v1/faceswap/jobs": key,
    }
    for path, headers in families.items():
        with broken("accounts_apikey"):
            answer = asked(Client(), "get", path, **headers)
        assert answer.status_code == 500
        assert answer["X-Request-Id"] == ID
        assert not INSIDE.search(answer.content), path
        assert "json" in answer["Content-Type"]
    for headers in ({}, HTMX):
        with broken("processing_job"):
            answer = asked(as_(cast.bob), "get", "/jobs/", **headers)
        assert answer.status_code == 500
        assert answer["X-Request-Id"] == ID
        assert ID in answer.content.decode()
        assert not INSIDE.search(answer.content)
    assert "no such table" in caplog.text or "does not exist" in caplog.text, "the log has the cause"
