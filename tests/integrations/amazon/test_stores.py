"""Amazon's stores as people type them, and which connection is another one."""

from __future__ import annotations

import pytest

from accounts.kit.errors import InvalidInput
from integrations.amazon import catalog, stores
from integrations.registry import find
from tests.support.amazon_peer import Amazon
from tests.support.amazon_settings import keys

AMAZON = find("amazon")


@pytest.mark.parametrize(
    ("typed", "domains"),
    [
        ("amazon.de", "amazon.de"),
        (" https://www.amazon.co.uk/ ", "amazon.co.uk"),
        ("Amazon.de; amazon.fr amazon.de", "amazon.de, amazon.fr"),
        ("A1PA6795UKMFR9,a13v1ib3viyzzh", "amazon.de, amazon.fr"),
        ("sellercentral.amazon.com", "amazon.com"),
    ],
)
def test_stores_as_people_type_them(peer: Amazon, typed: str, domains: str) -> None:
    account = keys(peer, typed)
    assert AMAZON.name_of(account) == domains
    again = AMAZON.account(account.address, account.credentials)
    assert again == account
    assert account.address.startswith("https://www.amazon.")


@pytest.mark.parametrize(
    "typed", ["amazon.de, amazon.com", "amazon.xy", "evil.com/?amazon.de", "http://amazon.de", ","]
)
def test_what_is_no_store(peer: Amazon, typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        keys(peer, typed)
    assert {error.field for error in refused.value.errors} == {"address"}


def test_another_seller_is_another_connection(peer: Amazon) -> None:
    account = keys(peer)
    with pytest.raises(InvalidInput) as refused:
        AMAZON.account(account.address, {**account.credentials, "seller_id": "A0000000000000"})
    assert {error.field for error in refused.value.errors} == {"seller_id"}


def test_every_store_is_known_once() -> None:
    assert len({store.marketplace_id for store in stores.STORES}) == len(stores.STORES) == 23
    assert catalog.PAGE <= 20
