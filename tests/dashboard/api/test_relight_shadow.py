"""POST /api/v1/relight/shadow."""

from __future__ import annotations

import pytest

from accounts.models import Organization
from tests.support.api import Api, errors, part, photo
from tests.support.cast import Cast
from tests.support.photos import product_photo

CALL = "/relight/shadow"


@pytest.fixture
def api(cast: Cast) -> Api:
    return Api(cast.key())


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
def test_a_relit_product_costs_one_credit(cast: Cast, api: Api) -> None:
    fields = {"image": photo(), "shadow": "cast", "direction": "270", "lighting": "0.4", "warmth": "0.2"}
    answer = api.form(CALL, {**fields, "backgroundImage": part(product_photo(4, format="PNG"), "wall.png")})
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert (body["operation"], body["output"]["width"], body["output"]["height"]) == ("relight_shadow", 120, 100)
    assert body["credits"]["charged"] == 1
    assert Organization.objects.get(pk=cast.alice.organization.pk).credit_balance == 99


@pytest.mark.django_db
def test_what_is_wrong_is_named_and_charges_nothing(cast: Cast, api: Api) -> None:
    answer = api.form(CALL, {"image": photo(), "elevation": "5", "opacity": "2"})
    assert answer.status_code == 400
    assert set(errors(answer)) == {"elevation", "opacity"}
    assert Organization.objects.get(pk=cast.alice.organization.pk).credit_balance == 100
