"""Bodies that are not what they should be, and the callers who learn it."""

from __future__ import annotations

from typing import Any

import pytest

from processing.models import Asset
from tests.support.api import Api, errors
from tests.support.cast import Cast
from tests.support.photos import product_photo

BOUNDARY = "example-boundary"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


@pytest.fixture
def api(cast: Cast) -> Api:
    return Api(cast.key())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[]", "JSON object"),
        ('[{"imageUrl": "https://example.com/a.jpg"}]', "JSON object"),
        ('"text"', "JSON object"),
        ("null", "JSON object"),
        ("{", "not JSON"),
        ("{'imageUrl': 1}", "not JSON"),
        ('{"width": NaN}', "not JSON"),
        ('{"width": 1' + "0" * 5000 + "}", "not JSON"),
        ("[" * 100_000, "not JSON"),
        (b'{"presetLabel": "\xff"}', "not JSON"),
        ('{"width": 1, "width": 2}', "more than once"),
        ('{"presetLabel": "a\\u0000b"}', "not text"),
        ('{"presetLabel": "\\ud800"}', "not text"),
        ('{"\\ud800": 1}', "not text"),
        ('{"steps": [{"text": {"deep": ["\\u0000"]}}]}', "not text"),
        ('{"steps": [{"\\ud800": 1}]}', "not text"),
        ("", "Send a photo"),
        ("  ", "Send a photo"),
        ("{}", "Send a photo"),
        ('{"imageUrl": 12}', "imageUrl must be text"),
        ('{"imageUrl": {"a": [1]}}', "imageUrl must be text"),
        ('{"fileId": ["x"]}', "fileId must be"),
        ('{"image": "aGVsbG8="}', "must be a file part"),
        ('{"width": true, "imageUrl": "https://example.com/"}', "whole number"),
        ('{"width": [1], "imageUrl": "https://example.com/"}', "whole number"),
    ],
)
def test_json_that_is_refused(api: Api, text: Any, words: str) -> None:
    answer = api.json("/process", text)
    assert answer.status_code == 400, answer.content
    assert words in answer.json()["detail"]
    assert answer.json()["code"] == "invalid_input"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "image/jpeg", "application/xml"])
def test_other_types_are_415(api: Api, kind: str) -> None:
    answer = api.raw("/process", product_photo(), kind)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_content_type")
    assert kind in answer.json()["detail"]


@pytest.mark.parametrize("charset", ["base64", "utf-16", "nonsense"])
def test_text_is_utf_8_whatever_the_header_says(api: Api, charset: str) -> None:
    body = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="colour"\r\n\r\nFrüh\r\n--{BOUNDARY}--\r\n'
    answer = api.client.generic(
        "POST", "/api/v1/process", body.encode(), f"{MULTIPART}; charset={charset}", headers=api.headers
    )
    assert answer.status_code == 400
    assert "colour" in errors(answer)


def test_the_type_of_json_may_name_its_charset(api: Api) -> None:
    assert api.raw("/process", b'{"x": 1}', "application/json; charset=utf-8").status_code == 400


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (b"anything", "multipart/form-data", "boundary"),
        (b"not what the header announces, by far", MULTIPART, "boundary"),
        (f"--{BOUNDARY}--\r\n".encode(), MULTIPART, "Send a photo"),
    ],
)
def test_multipart_that_is_refused(api: Api, body: bytes, kind: str, words: str) -> None:
    answer = api.raw("/process", body, kind)
    assert answer.status_code == 400
    assert words in answer.json()["detail"]


def test_a_body_that_is_too_long(api: Api, settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 100_000
    for path in ("/process", "/files"):
        answer = api.raw(path, b"x" * 1_300_000, MULTIPART)
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    answer = api.json("/process", b'{"presetLabel": "' + b"x" * 1_100_000 + b'"}')
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert not Asset.unscoped.exists()


def test_text_fields_have_a_limit_of_their_own(api: Api) -> None:
    answer = api.form("/process", {"presetLabel": "x" * 3_000_000})
    assert answer.status_code == 413
    answer = api.form("/process", {f"field{number}": "1" for number in range(2500)})
    assert answer.status_code == 400


def test_an_empty_body_is_fine_where_none_is_needed(api: Api) -> None:
    answer = api.client.delete(
        "/api/v1/files/01985b6c-7a3e-7c1d-9b0a-2f6c1d4e5f60", content_type="application/json", headers=api.headers
    )
    assert answer.status_code == 404
    assert errors(api.raw("/process", b"", "")) == {"image": "Send a photo: a file as image, an imageUrl, or a fileId."}
