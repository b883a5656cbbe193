"""The file space of the BackgroundCut family: photos into it, files by their paths, and their end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from processing.actions.sweep import sweep
from processing.models import Asset, Blob, SpaceFile
from tests.support.api import SpaceApi, part, photo, refusal
from tests.support.cast import Cast
from tests.support.photos import product_photo
from tests.support.space import PROCESS, PUBLIC, SEGMENT, UPLOAD, USAGE, balance


def test_uploads_in_both_spellings(cast: Cast, api: SpaceApi) -> None:
    answer = api.form(UPLOAD, {"files": [photo(0), photo(1)], "upload_path": "my-project"})
    assert (answer.status_code, answer.json()) == (200, {"file_paths": ["my-project/mug.jpg", "my-project/mug_1.jpg"]})
    assert api.upload(photo(2), folder="my-project/") == ["my-project/mug_2.jpg"]
    assert api.upload(photo(2), folder="") == ["mug.jpg"]
    for seed in (3, 4):
        answer = api.form(UPLOAD, {"file": photo(seed), "key": "my-project/ours/ünï 😀.jpg"})
        assert (answer.status_code, answer.json()) == (200, {"success": True})
    read = api.get("/files/my-project/ours/%C3%BCn%C3%AF%20%F0%9F%98%80.jpg")
    assert read.content == product_photo(4, size=(120, 100))
    assert api.get("/files/my-project/mug_1.jpg").content == product_photo(1, size=(120, 100))
    usage = api.get(USAGE).json()
    assert usage["file_count"] == 5
    assert usage["used_bytes"] == sum(SpaceFile.objects.of(cast.alice).values_list("asset__blob__bytes", flat=True))
    assert usage["quota_bytes"] == 10_000_000_000
    assert balance(cast) == 100


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"upload_path": "a"}, "files"),
        ({"files": "text"}, "files"),
        ({"file": "photo", "upload_path": "a"}, "key"),
        ({"file": "photo"}, "key"),
        ({"key": "a.jpg"}, "file"),
        ({"files": "photo", "key": "a.jpg"}, "key"),
        ({"files": "photo", "uplod_path": "a"}, "upload_path"),
        ({"image": "photo", "upload_path": "a"}, "image"),
        ({"file": "photo", "key": ""}, "key"),
    ],
)
def test_uploads_that_contradict_themselves(api: SpaceApi, fields: dict[str, str], field: str) -> None:
    sent = {name: photo() if value == "photo" else value for name, value in fields.items()}
    assert field in refusal(api.form(UPLOAD, sent), 400, "invalid_input")
    assert not Asset.unscoped.exists()


def test_all_files_are_kept_or_none(api: SpaceApi, settings: Any) -> None:
    refusal(api.form(UPLOAD, {"files": [photo(), part(b"no picture")], "upload_path": "a"}), 415, "unsupported_type")
    weight = len(photo().read())
    settings.SPACE_QUOTA_BYTES = 2 * weight + 100
    api.upload(photo())
    answer = api.form(UPLOAD, {"files": [photo(1), photo(2)], "upload_path": "a"})
    assert "full" not in refusal(answer, 413, "quota_exceeded")
    assert (SpaceFile.unscoped.count(), Asset.unscoped.count(), Blob.unscoped.count()) == (1, 1, 1)
    # What takes the place of another needs no room beside it.
    settings.SPACE_QUOTA_BYTES = weight + 100
    assert api.form(UPLOAD, {"file": photo(), "key": "my-project/mug.jpg"}).status_code == 200


def test_files_by_their_paths(api: SpaceApi) -> None:
    (path,) = api.upload()
    data = photo().read()
    whole = api.get(f"/files/{path}")
    assert (whole.status_code, whole["Content-Type"], whole.content) == (200, "image/jpeg", data)
    part_of = api.get(f"/files/{path}", range="bytes=5-9")
    assert (part_of.status_code, part_of["Content-Range"]) == (206, f"bytes 5-9/{len(data)}")
    assert part_of.content == data[5:10]
    assert api.get(f"/files/{path}", range=f"bytes={len(data)}-").status_code == 416
    assert api.get(f"/files/{path}", if_none_match=whole["ETag"]).status_code == 304
    head = api.head(f"/files/{path}")
    assert (head.status_code, head["Content-Length"], head["ETag"]) == (200, str(len(data)), whole["ETag"])
    assert head.content == b""
    gone = api.delete(f"/files/{path}")
    assert (gone.status_code, gone.json()) == (200, {"success": True})
    for answer in (api.get(f"/files/{path}"), api.delete(f"/files/{path}")):
        refusal(answer, 404, "not_found")
    assert not Asset.unscoped.exists()


def test_a_public_address(api: SpaceApi, client: Client) -> None:
    (path,) = api.upload()
    url = api.json(PUBLIC, {"key": path}).json()["url"]
    assert url.startswith("http://testserver/i/")
    assert url.endswith(".jpg")
    assert client.get(url.removeprefix("http://testserver")).content == photo().read()
    for body in ({}, {"key": 7}, {"key": path, "more": 1}):
        refusal(api.json(PUBLIC, body), 400, "invalid_input")
    refusal(api.json(PUBLIC, {"key": "no.jpg"}), 404, "not_found")
    api.delete(f"/files/{path}")
    assert client.get(url.removeprefix("http://testserver")).status_code == 404


def test_files_end_after_two_hours(api: SpaceApi, cast: Cast) -> None:
    (path,) = api.upload()
    url = api.json(PUBLIC, {"key": path}).json()["url"].removeprefix("http://testserver")
    left = Asset.objects.of(cast.alice).get().expires_at
    assert left is not None
    assert timedelta(minutes=119) < left - timezone.now() <= timedelta(minutes=120)
    Asset.unscoped.update(expires_at=timezone.now())
    # At once, not only when the sweeper comes by; and its name is free.
    refusal(api.get(f"/files/{path}"), 404, "not_found")
    refusal(api.delete(f"/files/{path}"), 404, "not_found")
    refusal(api.json(PUBLIC, {"key": path}), 404, "not_found")
    assert api.get(USAGE).json()["file_count"] == 0
    assert Client().get(url).status_code == 404
    assert api.upload() == [path]
    assert api.get(f"/files/{path}").status_code == 200
    Asset.unscoped.update(expires_at=timezone.now())
    sweep()
    assert not SpaceFile.unscoped.exists()
    assert not Asset.unscoped.exists()


def test_another_organizations_files(cast: Cast, api: SpaceApi) -> None:
    (path,) = api.upload()
    theirs = SpaceApi(f"Token {cast.key(cast.charlie)}")
    refusal(theirs.get(f"/files/{path}"), 404, "not_found")
    refusal(theirs.delete(f"/files/{path}"), 404, "not_found")
    refusal(theirs.json(PUBLIC, {"key": path}), 404, "not_found")
    variants = [{"output_file_path": "a.png"}]
    refusal(theirs.json(PROCESS, {"input_file_path": path, "output_variants": variants}), 404, "not_found")
    points = [{"x": 1, "y": 1}]
    body = {"input_file_path": path, "output_file_path": "a.png", "foreground_points": points}
    refusal(theirs.json(SEGMENT, body), 404, "not_found")
    assert theirs.upload(photo(5)) == [path]
    assert api.get(f"/files/{path}").content == photo().read()
