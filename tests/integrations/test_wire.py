"""What every call to a shop leaves in the log of a publication: at its pace, and without a credential."""

from __future__ import annotations

import pytest
from pytest_django.fixtures import Settings

from integrations.base import Account, Exchange, MarketplaceError
from integrations.shopify import wire as shopify
from integrations.wire import exchange, logged
from tests.support.remote import remote, says, whole

TOKEN = "shpat_0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def _here(settings: Settings) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]


def test_a_shop_that_repeats_a_credential_is_not_quoted() -> None:
    told: list[Exchange] = []
    paced: list[None] = []
    with remote(
        says(whole(f'{{"errors": "unknown token {TOKEN}"}}'.encode(), headers="Content-Type: application/json\r\n"))
    ) as shop:
        account = Account(
            shop.url("/"), {"token": TOKEN}, before_call=lambda: paced.append(None), after_call=told.append
        )
        answer = shopify.exchange(account, "GET", account.address, logged=f"GET {account.address} {TOKEN}")
    assert answer.json["errors"] == "unknown token ******", "what is quoted from it elsewhere holds none either"
    assert (len(told), len(paced), told[0].status) == (1, 1, 200)
    assert TOKEN not in f"{told[0].request} {told[0].answer}"
    assert "unknown token" in told[0].answer


def test_a_call_without_an_answer_is_logged_too() -> None:
    told: list[Exchange] = []
    account = Account("http://127.0.0.1:9", {"token": TOKEN}, after_call=told.append)
    with pytest.raises(MarketplaceError, match="no server at this address"):
        logged(account, "GET /", lambda: exchange("GET", account.address, {}))
    assert (told[0].status, told[0].answer[:18]) == (None, "There is no server")
