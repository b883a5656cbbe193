"""Ways out of a file space, however they are written: they get nothing, and say nothing of what is there."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from processing.models import Asset, Job, SpaceFile
from processing.space_path import clean
from tests.support.api import SpaceApi, photo, refusal
from tests.support.cast import Cast

WAYS_OUT = {
    "up": "../secret.jpg",
    "up inside": "a/../../secret.jpg",
    "up at the end": "a/..",
    "here": "./a.jpg",
    "encoded": "%2e%2e/secret.jpg",
    "encoded slash": "..%2fsecret.jpg",
    "encoded twice": "%252e%252e%252fsecret.jpg",
    "encoded thrice": "a/%25252e%25252e/secret.jpg",
    "half encoded": ".%2e/secret.jpg",
    "absolute": "/etc/passwd",
    "absolute, encoded": "%2fetc/passwd",
    "two slashes": "a//b.jpg",
    "slash at the end": "a/",
    "backslash": "..\\secret.jpg",
    "backslash, encoded": "a%5c..%5csecret.jpg",
    "a drive": "C:/secret.jpg",
    "look-alike dots": "\uff0e\uff0e/secret.jpg",
    "two dots in one": "\u2025/secret.jpg",
    "look-alike slash": "..\uff0fsecret.jpg",
    "look-alike backslash": "a\uff3c..\uff3csecret.jpg",
    "NUL": "a.jpg\0.png",
    "NUL, encoded": "a.jpg%00.png",
    "line break": "a\r\nSet-Cookie: x",
    "text turned round": "a\u202egpj.exe",
    "hidden": "a\u200b.jpg",
    "too long": "a" * 1025,
    "too long once composed": "\u0958" * 1000,
    "empty": "",
}
GOOD = [
    "my-project/photo.jpg",
    "50%.jpg",
    "a..b/c...jpg",
    "a b/ü.png",
    "e\u0301.jpg",
    "👩\u200d🔬.png",
    "ａ.jpg",
    "x" * 1024,
]


@pytest.mark.parametrize("path", GOOD)
def test_paths_that_are_fine(path: str) -> None:
    assert clean(path, "key") == clean(clean(path, "key"), "key")
    assert clean("e\u0301", "key") == clean("\u00e9", "key")


@pytest.fixture
def api(cast: Cast) -> SpaceApi:
    """With a file of its own, and a stranger's whose name the ways out name."""
    SpaceApi(f"Token {cast.key(cast.charlie)}").form("/file-ops/upload/", {"file": photo(), "key": "secret.jpg"})
    own = SpaceApi(f"Token {cast.key()}")
    own.form("/file-ops/upload/", {"file": photo(1), "key": "a.jpg"})
    return own


@pytest.mark.parametrize("path", WAYS_OUT.values(), ids=WAYS_OUT)
def test_ways_out_get_nothing(cast: Cast, api: SpaceApi, path: str) -> None:
    before = list(SpaceFile.unscoped.order_by("pk").values_list("path", "asset_id"))
    good = {"output_file_path": "b.png"}
    point = [{"x": 1, "y": 1}]
    process, segment = "/tools/ai/remove-bg/process/", "/tools/ai/ai-cut/segment/"
    answers = [
        api.json(process, {"input_file_path": path, "output_variants": [good]}),
        api.json(process, {"input_key": path, "output_variants": [{"output_key": "b.png"}]}),
        api.json(process, {"input_file_path": "a.jpg", "output_variants": [{"output_file_path": path}]}),
        api.json(process, {"input_key": "a.jpg", "output_variants": [{"output_key": path}]}),
        api.json(segment, {"input_file_path": path, "output_file_path": "b.png", "foreground_points": point}),
        api.json(segment, {"input_file_path": "a.jpg", "output_file_path": path, "foreground_points": point}),
        api.json("/file-ops/get-public-url/", {"key": path}),
        api.form("/file-ops/upload/", {"file": photo(), "key": path}),
    ]
    # A folder may be the top of the space, and end in a slash; what lies behind a name is then another path.
    if path not in ("", "a/"):
        answers.append(api.form("/file-ops/upload/", {"files": photo(), "upload_path": path}))
    for number, answer in enumerate(answers):
        assert refusal(answer, 400, "invalid_input"), number
    assert list(SpaceFile.unscoped.order_by("pk").values_list("path", "asset_id")) == before
    assert not Job.unscoped.exists()
    assert Asset.unscoped.count() == 2


@pytest.mark.parametrize("path", WAYS_OUT.values(), ids=WAYS_OUT)
@pytest.mark.parametrize("method", ["get", "delete", "head"])
def test_ways_out_in_an_address(cast: Cast, api: SpaceApi, path: str, method: str) -> None:
    answer: Any = getattr(api, method)(f"/files/{quote(path)}")
    nowhere = path == "" or "\n" in path  # no address of a file at all
    assert answer.status_code == (404 if nowhere else 400)
    if method != "head":
        refusal(answer, answer.status_code, "not_found" if nowhere else "invalid_input")
    assert SpaceFile.unscoped.count() == 2


def test_one_file_under_both_spellings_of_an_accent(api: SpaceApi) -> None:
    api.form("/file-ops/upload/", {"file": photo(2), "key": "cafe\u0301.jpg"})
    composed = quote("caf\u00e9.jpg")
    assert api.get(f"/files/{composed}").content == photo(2).read()


def test_the_name_of_a_file_is_no_path(api: SpaceApi) -> None:
    assert api.upload(photo(name="../../up.jpg"), folder="in") == ["in/up.jpg"]
