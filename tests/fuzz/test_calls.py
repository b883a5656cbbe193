"""The four families of calls and the pages, asked with whatever programs send: never a defect, and a refusal writes
nothing."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from functools import cache
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from hypothesis import strategies as st

from accounts.access.actor import Actor
from accounts.models import LedgerEntry, WebhookEndpoint
from integrations.models import Publication
from processing.models import Asset, Blob, FaceSwap, FaceSwapAccount, Job, JobImage, SpaceFile, StudioPhoto
from processing.operations.registry import OPERATIONS
from tests.support.access_walk import Row, address, table
from tests.support.cast import Cast
from tests.support.fuzzing import edited, edits, efforts, odd_json, odd_text, search
from tests.support.one_of_each import one_of_each
from tests.support.photos import product_photo
from tests.support.server import ROOT

pytestmark = pytest.mark.django_db
_WRITTEN = (Asset, Blob, FaceSwap, FaceSwapAccount, Job, JobImage, LedgerEntry, Publication, SpaceFile, StudioPhoto,
            WebhookEndpoint)  # fmt: skip
# Names of fields that calls know, beside those of the operations.
_KNOWN = {
    "image", "imageUrl", "image_url", "url", "events", "file", "files", "upload_path", "key", "preset", "profile",
    "profiles", "webhookUrl", "cursor", "limit", "status", "connection", "product", "slot", "dryRun", "steps", "params",
    "settings", "images", "asOf", "channel", "server", "discord", "jobid", "replyUrl", "replyRef", "source_image",
    "target_image", "file_path", "file_paths", "expires", "allowed_paths", "expiry", "background", "prompt", "mask",
} | {name for operation in OPERATIONS.values() for name in operation.Parameters.model_fields}  # fmt: skip
_NAMES = st.one_of(st.sampled_from(sorted(_KNOWN)), odd_text)
_BODY = st.dictionaries(_NAMES, odd_json, max_size=5)
_ASKED = [
    "cursor", "limit", "status", "older", "newer", "q", "sort", "page", "from", "to", "period", "label", "connection",
    "job", "source", "template", "shop", "image", "product", "jobid", "type", "next", "preset", "operation", "team",
    "member", "action", "key", "endpoint", "days", "state", "kind",
]  # fmt: skip
# As cursors are written.
_CURSOR = odd_json.map(lambda value: base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("="))
_DEEP = base64.urlsafe_b64encode(b"[" * 1500).decode()
_QUERY = st.dictionaries(
    st.sampled_from(_ASKED), st.one_of(odd_text, _CURSOR, st.tuples(odd_json, odd_text).map(
        lambda pair: base64.urlsafe_b64encode(json.dumps(pair).encode()).decode()), st.just(_DEEP)), max_size=4
)  # fmt: skip


@pytest.fixture
def ids(cast: Cast, settings: Any) -> dict[str, str]:
    settings.RATE_LIMIT_KEY_PER_MINUTE = settings.RATE_LIMIT_IP_PER_MINUTE = 10_000_000
    settings.RATE_LIMIT_FAILED_AUTH_PER_HOUR = 10_000_000
    # Nobody works on what is taken: no call waits for it.
    settings.API_WAIT_SECONDS = settings.FAMILY_WAIT_SECONDS = 0
    return one_of_each(cast.alice, cast.bob)


def _rows(*methods: str, calls: bool) -> list[Row]:
    return [row for row in table() if row.method in methods and bool(row.scope) == calls]


def _asked(client: Client, row: Row, path: str, key: str, send: Callable[..., Any], **more: Any) -> Any:
    """The answer; everything is undone afterwards. A refusal has written nothing before that."""
    headers = {"authorization": f"Token {key}" if path.startswith("/v3/") else f"Bearer {key}"}
    with transaction.atomic():
        before = [model._base_manager.count() for model in _WRITTEN]
        answer = send(path, headers=headers, **more)
        assert answer.status_code != 500, f"{row.method} {row.route}: {answer.content[:300]!r}"
        if answer.status_code in {400, 401, 403, 404, 405, 409, 413, 415, 422}:
            assert [model._base_manager.count() for model in _WRITTEN] == before, row.route
        transaction.set_rollback(True)
    return answer


@efforts
def test_json_bodies(cast: Cast, ids: dict[str, str], effort: str) -> None:
    client, key, rows = Client(), cast.key(), _rows("POST", calls=True)

    def holds(example: tuple[Row, dict[str, Any], list[Any]]) -> None:
        row, body, changes = example
        sent = edited(json.dumps(body).encode(), changes) if changes else json.dumps(body).encode()
        _asked(client, row, address(row.route, ids), key, client.post, data=sent, content_type="application/json")

    given = st.tuples(st.sampled_from(rows), _BODY, st.one_of(st.just([]), edits))
    assert search(given, holds, effort=effort, few=25) >= 10


@efforts
def test_multipart_bodies(cast: Cast, ids: dict[str, str], effort: str) -> None:
    client, key, photo = Client(), cast.key(), product_photo(3, size=(40, 30))
    rows = [
        *_rows("POST", calls=True),
        *[row for row in table() if row.route == "/api/process" and row.method == "POST"],
    ]
    texts = st.dictionaries(_NAMES, odd_text.map(lambda text: text.encode("utf-8", "replace").decode()), max_size=4)

    def post(path: str, data: bytes, content_type: str, headers: dict[str, str]) -> Any:
        return client.generic("POST", path, data, content_type=content_type, headers=headers)

    def holds(example: tuple[Row, dict[str, str], list[Any], str]) -> None:
        row, fields, changes, kind = example
        field = "file" if row.route.startswith("/v3/") else "image"
        sent: Any = {name: text for name, text in fields.items() if name.isprintable()}
        sent[field] = SimpleUploadedFile("mug.jpg", photo)
        body = encode_multipart(BOUNDARY, sent)
        # The edges, where names and lengths stand, more often than the middle of a photo.
        body = edited(body[:400], changes) + body[400:] if changes else body
        _asked(client, row, address(row.route, ids), key, post, data=body, content_type=kind)

    kinds = st.sampled_from([
        MULTIPART_CONTENT, MULTIPART_CONTENT, "multipart/form-data", "multipart/form-data; boundary=",
        "multipart/form-data; boundary=é", "application/json", "text/plain; charset=utf-7",
    ])  # fmt: skip
    given = st.tuples(st.sampled_from(rows), texts, st.one_of(st.just([]), edits), kinds)
    assert search(given, holds, effort=effort, few=25) >= 10


@efforts
def test_addresses_of_calls_and_pages(
    cast: Cast, as_: Callable[[Actor], Client], ids: dict[str, str], effort: str
) -> None:
    browser, client, key = as_(cast.alice), Client(), cast.key()
    rows = [row for row in [*_rows("GET", calls=True), *_rows("GET", calls=False)]
            if not row.route.startswith(("/accounts/", "/admin/", "/static")) and row.who != "staff"]  # fmt: skip
    names = {"path", "channel", "token", "mark", "key", "slug", "form", "extension", "marketplace", "operation"}

    def holds(example: tuple[Row, dict[str, str], str]) -> None:
        row, query, other = example
        chosen = {**ids, **dict.fromkeys(names, other.replace("/", "") or "x")} if other else ids
        path = address(row.route, chosen)
        asker = client if row.scope else browser
        sent = {name: value.encode("utf-8", "replace").decode() for name, value in query.items()}
        answer = _asked(asker, row, path, key if row.scope else "", lambda where, headers: asker.get(
            where, sent, headers=headers if row.scope else {}))  # fmt: skip
        if answer.streaming:
            b"".join(answer.streaming_content)

    others = st.one_of(
        st.just(""), st.text(st.characters(codec="ascii", exclude_characters="?#%\\\r\n\t"), max_size=12)
    )
    given = st.tuples(st.sampled_from(rows), _QUERY, others)
    assert search(given, holds, effort=effort, few=30) >= 10


@cache
def _form_names() -> list[str]:
    """Of fields in forms: those of templates and those that Django writes."""
    names: set[str] = set(_ASKED)
    for template in (ROOT / "templates").rglob("*.html"):
        names |= set(re.findall(r'name="([a-z_]+)"', template.read_text()))
    for code in (ROOT / "dashboard").rglob("*.py"):
        names |= set(re.findall(r"^    (\w+) = forms\.", code.read_text(), re.MULTILINE))
        names |= set(re.findall(r"POST(?:\.get|\.getlist)?[\[(]\"(\w+)\"", code.read_text()))
    return sorted(names - {"csrfmiddlewaretoken"})


@efforts
def test_forms_of_pages(cast: Cast, as_: Callable[[Actor], Client], ids: dict[str, str], effort: str) -> None:
    browser = as_(cast.alice)
    cookies = browser.cookies.output(header="", sep=";")
    rows = [row for row in _rows("POST", calls=False) if row.route not in {"/admin/…", "/(api|v1|v3)/…"}]
    good = st.sampled_from(sorted(ids.values()))
    forms = st.dictionaries(st.sampled_from(_form_names()), st.one_of(odd_text, good), max_size=8)

    def holds(example: tuple[Row, dict[str, str]]) -> None:
        row, fields = example
        browser.cookies = SimpleCookie(cookies)
        sent = {name: text.encode("utf-8", "replace").decode() for name, text in fields.items()}
        answer = _asked(browser, row, address(row.route, ids), "", lambda path, headers: browser.post(path, sent))
        if answer.streaming:
            b"".join(answer.streaming_content)

    assert search(st.tuples(st.sampled_from(rows), forms), holds, effort=effort, few=30) >= 10
