"""POST /api/v1/backgrounds/generate: with and without a photo, and with an engine behind it."""

from __future__ import annotations

import base64
import io
import json
import time
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from accounts.models import Organization
from processing.models import Job
from tests.processing.imaging.test_digital_source import told
from tests.support.api import Api, errors, part, photo
from tests.support.cast import Cast
from tests.support.photos import opened, product_photo
from tests.support.receiver import receiver

CALL = "/backgrounds/generate"


@pytest.fixture
def api(cast: Cast) -> Api:
    return Api(cast.key())


def balance(cast: Cast) -> int:
    return Organization.objects.get(pk=cast.alice.organization.pk).credit_balance


def file_of(api: Api, answer: Any) -> bytes:
    got: Any = api.client.get(answer.json()["output"]["url"])
    return b"".join(got.streaming_content) if got.streaming else got.content


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
def test_a_backdrop_by_itself_costs_two_credits(cast: Cast, api: Api) -> None:
    answer = api.json(CALL, {"style": "marble", "width": 120, "height": 90, "seed": 5})
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert (body["output"]["width"], body["output"]["height"]) == (120, 90)
    assert body["engine"] == "backdrop-marble"
    assert body["warnings"] == []
    assert body["credits"]["charged"] == 2
    assert balance(cast) == 98
    again = api.json(CALL, {"style": "marble", "width": 120, "height": 90, "seed": 5})
    assert again.json()["output"]["sha256"] == body["output"]["sha256"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
def test_a_product_on_a_prompt_and_on_a_picture_of_ones_own(cast: Cast, api: Api) -> None:
    answer = api.form(CALL, {"image": photo(), "prompt": "sunny window", "width": "160", "height": "160"})
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert "prompt_matched_style" in [warning["code"] for warning in body["warnings"]]
    height = body["subject"]["box"][3]
    assert height > 80
    own = part(product_photo(4, format="PNG"), "wall.png")
    second = api.form(CALL, {"image": photo(), "backgroundImage": own, "horizon": "0.7", "width": "90", "height": "90"})
    assert second.status_code == 200, second.content
    box = second.json()["subject"]["box"]
    assert box[1] + box[3] > 63


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
def test_an_engine_makes_the_picture_or_nothing_is_charged(cast: Cast, api: Api, settings: Any) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    settings.IMAGES_ENDPOINT_KEY = "sk-1"
    buffer = io.BytesIO()
    Image.new("RGB", (64, 64), (10, 140, 60)).save(buffer, "PNG")
    good = json.dumps({"data": [{"b64_json": base64.b64encode(buffer.getvalue()).decode()}]}).encode()
    asked = {"prompt": "a green wall", "width": 60, "height": 60}
    with receiver() as peer:
        settings.IMAGES_ENDPOINT_URL = peer.url("/v1/images/generations")
        peer.answer(200, good)
        answer = api.json(CALL, asked)
        assert answer.status_code == 200, answer.content
        data = file_of(api, answer)
        assert opened(data).convert("RGB").getpixel((30, 30))[1] > 120  # type: ignore[index]
        assert told(data) == "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
        assert balance(cast) == 98
        for status, body, expected, code in (
            (401, b"{}", 502, "image_engine_failed"),
            (429, b"{}", 502, "image_engine_failed"),
            (500, b"", 502, "image_engine_failed"),
            (200, b'{"data": [{"b64_json": "bm8="}]}', 502, "image_engine_failed"),
            (400, b'{"error": {"code": "moderation_blocked"}}', 400, "prompt_refused"),
        ):
            peer.answer(status, body)
            failed = api.json(CALL, asked)
            assert (failed.status_code, failed.json()["code"]) == (expected, code)
        assert balance(cast) == 98
        assert Job.unscoped.latest("created_at").status == "failed"


@pytest.mark.django_db
def test_what_is_missing_or_wrong_is_named(api: Api) -> None:
    nothing = api.json(CALL, {})
    assert nothing.status_code == 400
    assert "marble" in errors(nothing)["style"]
    unknown = api.json(CALL, {"style": "beach"})
    assert unknown.status_code == 400
    assert "concrete" in errors(unknown)["style"]
    assert set(errors(api.json(CALL, {"style": "oak", "blur": 0.1, "horizon": 2}))) >= {"horizon"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
def test_without_a_key_it_is_small(client: Client, settings: Any) -> None:
    settings.LEGACY_PUBLIC_ENDPOINTS = True
    body = json.dumps({"style": "sweep"})
    answer = client.post("/api/backgrounds/generate", body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    output = answer.json()["output"]
    assert output["width"] * output["height"] <= 250_000
    assert "Sunset" in answer.headers


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
def test_as_a_job_without_a_photo(api: Api) -> None:
    asked = {"operation": "generate_background", "style": "gloss", "width": 64, "height": 64, "format": "webp"}
    accepted = api.json("/jobs", asked)
    assert accepted.status_code == 202, accepted.content
    deadline = time.monotonic() + 20
    while (job := api.get(f"/jobs/{accepted.json()['jobId']}").json())["status"] in ("queued", "running"):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert job["status"] == "succeeded", job
    assert job["credits"]["charged"] == 2
    assert [step["name"] for step in job["steps"]] == ["compose", "encode"]
