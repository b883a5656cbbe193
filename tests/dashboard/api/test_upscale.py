"""`POST /api/v1/upscale` through the front door."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import LedgerEntry
from processing.actions import engine_shelf
from processing.engines.add import add
from processing.models import Job
from tests.support.api import Api, photo
from tests.support.cast import Cast
from tests.support.tiny_networks import enlarging_network


@pytest.fixture
def api(cast: Cast) -> Api:
    return Api(cast.key())


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
def test_a_picture_is_made_larger_for_two_credits(api: Api) -> None:
    answer = api.form("/upscale", {"image": photo(), "scale": "2"})
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert (body["operation"], body["engine"]) == ("upscale", "back-projection")
    assert (body["output"]["width"], body["output"]["height"], body["output"]["format"]) == (240, 200, "jpg")
    assert body["credits"]["charged"] == 2
    assert [warning["code"] for warning in body["warnings"]] == ["upscaled"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "field"),
    [({}, "scale"), ({"scale": "2", "width": "500"}, "scale"), ({"width": "60"}, "width"), ({"scale": "9"}, "scale")],
)
def test_a_refusal_names_the_field_and_costs_nothing(api: Api, fields: dict[str, str], field: str) -> None:
    before = LedgerEntry.unscoped.count()
    answer = api.form("/upscale", {"image": photo(), **fields})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field
    assert LedgerEntry.unscoped.count() == before
    assert not Job.unscoped.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
def test_without_a_key_it_becomes_as_large_as_is_made_without_one(client: Client, settings: Any) -> None:
    settings.LEGACY_PUBLIC_ENDPOINTS = True
    answer = client.post("/api/upscale", {"image": photo(size=(400, 400)), "scale": "2"})
    assert answer.status_code == 200, answer.content
    assert (answer.json()["output"]["width"], answer.json()["output"]["height"]) == (500, 500)
    assert [warning["code"] for warning in answer.json()["warnings"]] == ["upscaled", "reduced"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
def test_a_network_of_ones_own_is_used_once_it_is_added(
    api: Api, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("U2NET_HOME", str(tmp_path / "rembg"))
    settings.MODELS_DIR = tmp_path
    fields = {"scale": "2", "model": "super-resolution-x2"}
    refused = api.form("/upscale", {"image": photo(), **fields})
    assert (refused.status_code, refused.json()["code"]) == (400, "model_not_installed"), refused.content
    add(enlarging_network(tmp_path / "mine.onnx"), tmp_path, print, kind="super-resolution")
    body = api.form("/upscale", {"image": photo(), **fields}).json()
    assert (body["engine"], body["output"]["width"]) == ("super-resolution-x2", 240)
    engine_shelf.forget()
