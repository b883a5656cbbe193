"""/api/v1/files: keep, list, read, delete."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from processing.models import Asset, Blob
from tests.support.api import Api, errors, part, photo
from tests.support.cast import Cast
from tests.support.photos import product_photo
from tests.support.remote import remote, says, whole

DATA = product_photo(3)
SHA256 = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def api(cast: Cast) -> Api:
    return Api(cast.key())


def upload(api: Api, data: bytes = DATA, name: str = "mug.jpg") -> str:
    answer = api.form("/files", {"image": part(data, name)})
    assert answer.status_code == 201, answer.content
    file_id: str = answer.json()["fileId"]
    return file_id


def test_an_upload_tells_what_was_kept(api: Api) -> None:
    answer = api.form("/files", {"image": part(DATA, "C:\\shop\\mug.jpg")})
    assert answer.status_code == 201
    body = answer.json()
    assert answer["Location"] == f"http://testserver/api/v1/files/{body['fileId']}"
    assert (body["width"], body["height"], body["format"]) == (240, 200, "jpg")
    assert (body["bytes"], body["sha256"]) == (len(DATA), SHA256)
    assert (body["name"], body["kind"]) == ("mug.jpg", "upload")
    assert api.client.get(body["url"]).content == DATA


def test_the_same_upload_again_is_the_same_file(api: Api) -> None:
    assert upload(api) == upload(api)
    assert upload(api, name="other.jpg") != upload(api)
    assert Blob.unscoped.count() == 1


def test_the_field_may_be_called_file_and_an_address_does_too(api: Api, settings: Any) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    assert api.form("/files", {"file": part(DATA, "mug.jpg")}).json()["sha256"] == SHA256
    with remote(says(whole(DATA))) as server:
        answer = api.json("/files", {"imageUrl": server.url("/cup.jpg")})
    assert (answer.status_code, answer.json()["name"]) == (201, "cup.jpg")


def test_reading(api: Api) -> None:
    address = f"/files/{upload(api)}"
    answer = api.get(address)
    assert (answer.status_code, answer["Content-Type"], answer.content) == (200, "image/jpeg", DATA)
    assert answer["ETag"] == f'"{SHA256}"'
    assert api.get(address, if_none_match=f'W/"{SHA256}"').status_code == 304
    assert api.get(address, if_none_match='"other"').status_code == 200
    figures = api.get(address, accept="application/json").json()
    assert (figures["bytes"], figures["sha256"], figures["width"]) == (len(DATA), SHA256, 240)
    assert api.get(address, accept="application/json, text/plain, */*").json() == figures
    assert api.get(address, accept="image/*").content == DATA
    head = api.client.head(f"/api/v1{address}", headers=api.headers)
    assert (head.status_code, head["Content-Length"], head.content) == (200, str(len(DATA)), b"")


@pytest.mark.parametrize(
    ("wanted", "found", "header"),
    [
        ("bytes=0-9", DATA[:10], f"bytes 0-9/{len(DATA)}"),
        ("bytes=100-", DATA[100:], f"bytes 100-{len(DATA) - 1}/{len(DATA)}"),
        ("bytes=-5", DATA[-5:], f"bytes {len(DATA) - 5}-{len(DATA) - 1}/{len(DATA)}"),
        ("bytes=10-99999999", DATA[10:], f"bytes 10-{len(DATA) - 1}/{len(DATA)}"),
    ],
)
def test_ranges(api: Api, wanted: str, found: bytes, header: str) -> None:
    answer = api.get(f"/files/{upload(api)}", range=wanted)
    assert (answer.status_code, answer.content, answer["Content-Range"]) == (206, found, header)


def test_ranges_that_are_none(api: Api) -> None:
    address = f"/files/{upload(api)}"
    for wanted in (f"bytes={len(DATA)}-", "bytes=-0"):
        outside = api.get(address, range=wanted)
        assert (outside.status_code, outside["Content-Range"]) == (416, f"bytes */{len(DATA)}")
    for ignored in ("bytes=0-1,4-5", "lines=1-2", "bytes=-"):
        assert api.get(address, range=ignored).content == DATA
    assert api.get(address, range="bytes=0-1", if_range='"other"').content == DATA
    assert api.get(address, range="bytes=0-1", if_range=f'"{SHA256}"').content == DATA[:2]


def test_the_list(cast: Cast, api: Api) -> None:
    made = [upload(api, product_photo(seed), f"{seed}.jpg") for seed in range(3)]
    upload(Api(cast.key(cast.charlie)))
    Asset.unscoped.filter(pk=made[0]).update(kind=Asset.Kind.PREVIEW)
    first = api.get("/files?limit=1").json()
    second = api.get(f"/files?limit=1&cursor={first['nextCursor']}").json()
    assert [item["fileId"] for item in first["files"] + second["files"]] == [made[2], made[1]]
    assert second["nextCursor"] is None
    assert api.get("/files?kind=upload").status_code == 400


def test_deleting(cast: Cast, api: Api, django_capture_on_commit_callbacks: Any) -> None:
    file_id = upload(api)
    url = api.get(f"/files/{file_id}", accept="application/json").json()["url"]
    assert Api(cast.key(cast.charlie)).delete(f"/files/{file_id}").status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        answer = api.delete(f"/files/{file_id}")
    assert (answer.status_code, answer.content) == (204, b"")
    for gone in (api.get(f"/files/{file_id}"), api.delete(f"/files/{file_id}"), api.client.get(url)):
        assert gone.status_code == 404
    assert not Blob.unscoped.exists()


def test_files_of_others_and_of_the_past_do_not_exist(cast: Cast, api: Api) -> None:
    file_id = upload(api)
    assert Api(cast.key(cast.charlie)).get(f"/files/{file_id}").status_code == 404
    Asset.unscoped.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert api.get(f"/files/{file_id}").status_code == 404
    assert api.get("/files").json()["files"] == []


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({}, "image"),
        ({"image": [photo(1), photo(2)]}, "image"),
        ({"image": photo(), "file": photo(1)}, "image"),
        ({"image": photo(), "imageUrl": "https://example.com/a.jpg"}, "image"),
        ({"image": photo(), "width": "10"}, "width"),
        ({"image": part(b"no picture")}, "image"),
        ({"file": part(b"no picture")}, "file"),
    ],
)
def test_refusals(api: Api, fields: dict[str, Any], named: str) -> None:
    answer = api.form("/files", fields)
    assert answer.status_code in {400, 415}
    assert list(errors(answer)) == [named]
    assert not Asset.unscoped.exists()
