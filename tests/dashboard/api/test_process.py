"""POST /api/v1/process: one photo in, one image out."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from accounts.models import LedgerEntry, Organization
from processing.models import Asset, Blob, Job
from tests.support.api import Api, errors, part, photo
from tests.support.cast import Cast
from tests.support.photos import opened, product_photo
from tests.support.remote import remote, says, whole

QUICK = {"edges": "fast", "width": "80"}


@pytest.fixture
def api(cast: Cast) -> Api:
    return Api(cast.key())


def balance(cast: Cast) -> int:
    return Organization.objects.get(pk=cast.alice.organization.pk).credit_balance


def nothing_happened(cast: Cast) -> bool:
    """A refusal keeps no file, makes no job and costs nothing."""
    return (
        not Asset.unscoped.exists()
        and not Blob.unscoped.exists()
        and not Job.unscoped.exists()
        and (balance(cast) == 100)
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
def test_an_image_and_everything_about_it(cast: Cast, api: Api) -> None:
    answer = api.form(
        "/process",
        {"image": photo(), "width": "200", "height": "300", "margin": "0.1", "edges": "fast", "presetLabel": "Früh"},
    )
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert set(body) == {
        "success", "jobId", "operation", "presetLabel", "output", "subject", "engine", "credits", "warnings", "timings",
    }  # fmt: skip
    assert (body["success"], body["operation"], body["presetLabel"]) == (True, "process", "Früh")
    output = body["output"]
    assert set(output) == {"url", "fileId", "width", "height", "format", "bytes", "sha256"}
    assert (output["width"], output["height"], output["format"]) == (200, 300, "jpg")
    assert output["url"].startswith("http://testserver/i/")
    assert output["url"].endswith(".jpg")
    x, y, width, height = body["subject"]["box"]
    assert x >= 20
    assert x + width <= 180
    assert y >= 20
    assert y + height <= 280
    assert 0 < body["subject"]["coverage"] < 1
    assert 0 <= body["subject"]["confidence"] <= 1
    assert body["credits"] == {"charged": 1, "remaining": 99}
    assert (answer["X-Credits-Charged"], answer["X-Credits-Remaining"]) == ("1", "99")
    assert list(body["timings"]) == ["decode", "segment", "refine", "compose", "encode"]
    assert [set(warning) for warning in body["warnings"]] == [{"code", "detail"}] * len(body["warnings"])
    assert body["engine"] == "grabcut"
    image = api.client.get(output["url"])
    assert (image.status_code, image["Content-Type"], len(image.content)) == (200, "image/jpeg", output["bytes"])
    assert opened(image.content).size == (200, 300)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
def test_the_image_itself_with_the_rest_in_headers(api: Api) -> None:
    answer = api.form(
        "/process",
        {"image": photo(), "format": "png", "background": "transparent", "presetLabel": "Früh 1", **QUICK},
        accept="image/*",
    )
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    image = opened(answer.content)
    assert (image.format, image.mode, image.width) == ("PNG", "RGBA", 80)
    assert answer["X-Credits-Charged"] == "1"
    assert answer["X-Preset-Label"] == "Fr%C3%BCh%201"
    assert answer["X-Image-Width"] == "80"
    assert answer["X-Image-Format"] == "png"
    assert len(answer["X-Subject-Box"].split(",")) == 4
    assert answer["X-Engine"] == "grabcut"
    assert "decode;dur=" in answer["Server-Timing"]
    assert {"code", "detail"} <= set(json.loads(answer["X-Warnings"])[0])
    assert api.client.get(answer["X-Image-Url"]).content == answer.content
    assert api.get(f"/jobs/{answer['X-Job-Id']}").json()["status"] == "succeeded"
    assert api.get(f"/files/{answer['X-File-Id']}").content == answer.content


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
def test_an_upload_a_url_and_an_output_are_sources_too(api: Api, settings: Any) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    uploaded = api.form("/files", {"image": photo()}).json()
    first = api.json("/process", {"fileId": uploaded["fileId"], "format": "png", **QUICK}).json()
    assert first["output"]["format"] == "png"
    again = api.json("/process", {"fileId": first["output"]["fileId"], **QUICK}).json()
    assert again["output"]["width"] == 80
    with remote(says(whole(product_photo(size=(120, 100))))) as server:
        body = {"imageUrl": server.url("/shop/mug%20one.jpg?size=l"), "preset": "amazon-main", **QUICK, "height": 80}
        answer = api.json("/process", body)
    assert (answer.status_code, server.paths) == (200, ["/shop/mug%20one.jpg?size=l"])
    assert "mug one.jpg" in {item["name"] for item in api.get("/files").json()["files"]}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
def test_an_own_background_as_file_and_as_url(api: Api, settings: Any) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    red = _plain((200, 10, 10))
    by_file = api.form("/process", {"image": photo(), "backgroundImage": part(red, "red.png"), **QUICK})
    with remote(says(whole(red))) as server:
        by_url = api.form("/process", {"image": photo(), "backgroundImageUrl": server.url("/red.png"), **QUICK})
    for answer in (by_file, by_url):
        pixel = opened(api.client.get(answer.json()["output"]["url"]).content).getpixel((2, 2))
        assert isinstance(pixel, tuple)
        assert pixel[0] > 180
        assert pixel[1] < 40


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
def test_what_the_work_fails_of_is_the_answer_and_costs_nothing(cast: Cast, api: Api) -> None:
    answer = api.form("/process", {"image": part(_plain((255, 255, 255)), "white.png"), **QUICK})
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["code"] not in {"internal_error", "invalid_input"}
    assert (answer["X-Credits-Charged"], answer["X-Credits-Remaining"]) == ("0", "100")
    assert Job.unscoped.get().error == {"code": body["code"], "detail": body["detail"]}
    assert balance(cast) == 100


def test_a_job_that_is_not_done_in_time_goes_on(api: Api, run_all: Callable[[], int], settings: Any) -> None:
    settings.API_WAIT_SECONDS = 0
    plain = api.form("/process", {"image": photo(), **QUICK})
    soon = api.form("/process", {"image": photo(1), **QUICK}, prefer="respond-async")
    later = api.form("/process", {"image": photo(2), **QUICK}, prefer="foo, wait=0")
    for answer, applied in ((plain, None), (soon, "respond-async"), (later, "wait=0")):
        assert answer.status_code == 202
        body = answer.json()
        assert body["status"] == "queued"
        assert answer["Location"] == body["statusUrl"] == f"http://testserver/api/v1/jobs/{body['jobId']}"
        assert answer.get("Preference-Applied") == applied
        assert answer["X-Credits-Charged"] == "0"
    assert plain["X-Credits-Remaining"] == "99"
    assert run_all() == 3
    done = api.get(f"/jobs/{plain.json()['jobId']}").json()
    assert (done["status"], done["credits"]) == ("succeeded", {"charged": 1, "remaining": 97})


@pytest.mark.django_db(transaction=True)
def test_the_preference_wins_over_the_setting(api: Api) -> None:
    answer = api.form("/process", {"image": photo(), **QUICK}, prefer='wait="1", respond-async')
    assert (answer.status_code, answer["Preference-Applied"]) == (202, "wait=1")


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({}, {"image": "Send a photo"}),
        ({"image": "photo.jpg"}, {"image": "must be a file part"}),
        ({"image": photo(), "widht": "3"}, {"widht": "Did you mean width?"}),
        ({"image": photo(), "margin_top": "0"}, {"margin_top": "Did you mean marginTop?"}),
        ({"image": photo(), "operation": "process"}, {"operation": "There is no field"}),
        ({"photo": photo()}, {"photo": "There is no field photo", "image": "Send a photo"}),
        ({"image": photo(), "width": part(b"80")}, {"width": "text, not a file"}),
        ({"image": photo(), "width": "wide"}, {"width": "whole number from 1 to 10000"}),
        ({"image": photo(), "width": ""}, {"width": "whole number"}),
        ({"image": photo(), "width": ["80", "90"]}, {"width": "more than once"}),
        ({"image": photo(), "margin": "0.5", "format": "gif"}, {"margin": "0.49", "format": "jpg, png"}),
        ({"image": photo(), "background": "transparent"}, {"background": "jpg"}),
        ({"image": photo(), "preset": "nothing"}, {"preset": "amazon-main"}),
        ({"image": photo(), "presetLabel": "x" * 201}, {"presetLabel": "200 characters"}),
        ({"image": photo(), "presetLabel": "a\0b"}, {"presetLabel": "not text"}),
        ({"image": photo(), "fileId": "12"}, {"fileId": "earlier upload", "image": "contradict"}),
        ({"image": photo(), "imageUrl": "https://example.com/"}, {"image": "contradict", "imageUrl": "contradict"}),
        ({"image": [photo(), photo(1)]}, {"image": "/api/v1/jobs"}),
        (
            {"image": photo(), "backgroundImage": photo(1), "backgroundImageUrl": "https://example.com/"},
            {"backgroundImage": "one background"},
        ),
        ({"image": photo(), "backgroundImage": part(b"no picture")}, {"backgroundImage": "image"}),
        ({"image": photo(), "width": "100", "height": "9000", "format": "webp", "x": "1"}, {"x": "no field x"}),
    ],
)
def test_refusals_name_every_field_and_keep_nothing(
    cast: Cast, api: Api, fields: dict[str, Any], named: dict[str, str]
) -> None:
    for value in fields.values():
        for file in value if isinstance(value, list) else [value]:
            if hasattr(file, "seek"):
                file.seek(0)
    answer = api.form("/process", fields)
    assert answer.status_code in {400, 415}, answer.content
    found = errors(answer)
    for field, words in named.items():
        assert words in found.get(field, ""), found
    assert set(found) == set(named)
    assert answer["X-Credits-Charged"] == "0"
    assert nothing_happened(cast)


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"", 400, "empty_image"),
        (b"hello", 415, "unsupported_type"),
        (b"%PDF-1.7", 415, "unsupported_type"),
        (product_photo()[:900], 400, "truncated_image"),
    ],
)
def test_files_that_are_no_photos(cast: Cast, api: Api, data: bytes, status: int, code: str) -> None:
    answer = api.form("/process", {"image": part(data, "photo.jpg")})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert list(errors(answer)) == ["image"]
    assert nothing_happened(cast)


def test_too_large_is_413(cast: Cast, api: Api, settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 1000
    answer = api.form("/process", {"image": photo()})
    assert (answer.status_code, answer.json()["code"]) == (413, "file_too_large")
    settings.MAX_UPLOAD_BYTES = 10_000_000
    settings.MAX_IMAGE_PIXELS = 5_000
    answer = api.form("/process", {"image": photo()})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_many_pixels")
    assert nothing_happened(cast)


def test_an_output_that_would_be_too_large_is_told_at_once(cast: Cast, api: Api) -> None:
    answer = api.form("/process", {"image": photo(size=(400, 20)), "height": "9000"})
    assert (answer.status_code, answer.json()["code"]) == (400, "output_too_large")
    assert nothing_happened(cast)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://169.254.169.254/latest/meta-data/", "public internet"),
        ("http://10.0.0.1:1/photo.jpg", "public internet"),
        ("https://user:pass@example.com/photo.jpg", "password"),
        ("file:///etc/passwd", "http://"),
        ("photo.jpg", "http://"),
        ("http://127.0.0.1:{port}/missing.jpg", "status 404"),
        ("http://127.0.0.1:{port}/page.html", "a web page"),
    ],
)
def test_images_that_cannot_be_had(cast: Cast, api: Api, settings: Any, url: str, words: str) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]

    def answer_of(connection: Any, head: str) -> None:
        found = "missing" not in head
        connection.sendall(whole(b"<!doctype html><p>Hello", status="200 OK" if found else "404 Not Found"))

    with remote(answer_of) as server:
        answer = api.json("/process", {"imageUrl": url.format(port=server.port)})
    assert (answer.status_code, answer.json()["code"]) == (400, "image_url_failed")
    assert words in errors(answer)["imageUrl"]
    assert nothing_happened(cast)


def test_other_organizations_files_do_not_exist(cast: Cast, api: Api) -> None:
    theirs = Api(cast.key(cast.charlie)).form("/files", {"image": photo()}).json()["fileId"]
    for file_id in (theirs, "01985b6c-7a3e-7c1d-9b0a-2f6c1d4e5f60"):
        answer = api.json("/process", {"fileId": file_id})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert not Job.unscoped.exists()


def test_without_credits(cast: Cast, api: Api) -> None:
    Organization.objects.update(credit_balance=0)
    answer = api.form("/process", {"image": photo()})
    assert (answer.status_code, answer.json()["code"]) == (402, "insufficient_credits")
    assert (answer["X-Credits-Charged"], answer["X-Credits-Remaining"]) == ("0", "0")
    assert not Asset.unscoped.exists()
    assert not LedgerEntry.unscoped.exclude(kind="grant").exists()


def _plain(color: tuple[int, int, int]) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 64), color).save(buffer, "PNG")
    return buffer.getvalue()
