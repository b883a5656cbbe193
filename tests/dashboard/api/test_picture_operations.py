"""POST /api/v1/crop, /resize and /watermark."""

from __future__ import annotations

import pytest

from tests.support.api import Api, errors, photo
from tests.support.cast import Cast


@pytest.fixture
def api(cast: Cast) -> Api:
    return Api(cast.key())


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize(
    ("call", "fields", "operation"),
    [
        ("/crop", {"ratio": "1:1", "margin": "0.1"}, "crop_to_subject"),
        ("/resize", {"width": "60", "height": "60", "fit": "pad", "background": "#ffeedd"}, "resize"),
        ("/watermark", {"text": "Northwind", "position": "tile"}, "watermark"),
    ],
)
def test_each_has_its_call_and_costs_one_credit(api: Api, call: str, fields: dict[str, str], operation: str) -> None:
    answer = api.form(call, {"image": photo(), **fields})
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert body["operation"] == operation
    assert body["output"]["format"] == "jpg"
    assert body["credits"]["charged"] == 1
    assert "encode" in body["timings"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("call", "fields", "field"),
    [
        ("/crop", {"ratio": "wide"}, "ratio"),
        ("/resize", {"fit": "cover", "width": "60"}, "height"),
        ("/watermark", {"text": "日本"}, "text"),
    ],
)
def test_what_cannot_be_is_a_400_that_names_the_field(api: Api, call: str, fields: dict[str, str], field: str) -> None:
    answer = api.form(call, {"image": photo(), **fields})
    assert answer.status_code == 400, answer.content
    assert field in errors(answer)
