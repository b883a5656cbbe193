"""The capacity page reckons with the reader's prices."""

from __future__ import annotations

import pytest
from django.test import Client

from dashboard.pages import docs_capacity

pytestmark = pytest.mark.django_db


def test_the_cost_of_a_thousand_images_follows_the_price_that_is_typed(client: Client) -> None:
    kind = docs_capacity._figures()["kinds"][0]
    rate = kind["per_second"][docs_capacity._figures()["size"]]
    page = client.get("/docs/capacity/", {f"price-{kind['slug']}": "3,6"}).content.decode()
    assert f"{3.6 / 3600 / rate * 1000:.4f}" in page
    assert 'value="3,6"' in page


@pytest.mark.parametrize("typed", ["", "much", "-1", "nan", "inf", "1e9", "<script>"])
def test_what_is_no_price_is_said_beside_it_and_kept(client: Client, typed: str) -> None:
    name = f"price-{docs_capacity._figures()['kinds'][0]['slug']}"
    answer = client.get("/docs/capacity/", {name: typed})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert f'aria-describedby="{name}-error"' in page
    assert "Type a price from 0 to 10,000" in page
    assert "<script>" not in page
