"""Reading Amazon's catalog: beyond what a search pages through, in several stores, with odd SKUs."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from integrations.base import MarketplaceError
from integrations.registry import find
from tests.support import amazon_model
from tests.support import amazon_peer as peers
from tests.support.amazon_peer import DE, FR, Amazon
from tests.support.amazon_settings import keys
from tests.support.serving import Said

AMAZON = find("amazon")


def test_a_catalog_beyond_what_one_search_pages_through(peer: Amazon) -> None:
    peer.window = 40
    for number in range(130):
        # Many at the same moment, as an upload of a file makes them.
        peer.add(f"S{number:03}", images=0, created=1_700_000_000 + number // 15)
    seen: set[str] = set()
    cursor: str | None = ""
    totals = set()
    while cursor is not None:
        found = AMAZON.catalog(keys(peer), since=None, cursor=cursor)
        seen |= {product.remote_id for product in found.products}
        totals.add(found.total)
        cursor = found.cursor
    assert len(seen) == 130
    assert totals == {130}


def test_more_at_one_moment_than_a_search_pages_through_ends_all_the_same(peer: Amazon) -> None:
    peer.window = 20
    for number in range(30):
        peer.add(f"S{number:03}", images=0, created=1_700_000_000)
    peer.add("LATER", images=0, created=1_700_000_100)
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        found = AMAZON.catalog(keys(peer), since=None, cursor=cursor)
        seen += [product.remote_id for product in found.products]
        cursor = found.cursor
    assert "LATER" in seen
    assert len(seen) < 60


def test_a_page_token_that_has_run_out_begins_where_the_last_page_ended(peer: Amazon) -> None:
    for number in range(50):
        peer.add(f"S{number:03}", images=0, created=1_700_000_000 + number)
    first = AMAZON.catalog(keys(peer), since=None, cursor="")
    assert first.cursor
    peer.faults = [peers.errors(400, "InvalidInput", "The page token has expired.")]
    seen = [product.remote_id for product in first.products]
    cursor: str | None = first.cursor
    while cursor is not None:
        found = AMAZON.catalog(keys(peer), since=None, cursor=cursor)
        seen += [product.remote_id for product in found.products]
        cursor = found.cursor
    assert len(seen) == 51
    assert len(set(seen)) == 50


def test_a_listing_without_a_page_yet_is_in_the_catalog(peer: Amazon) -> None:
    peer.faults = [Said(200, json.dumps({
        "numberOfResults": 1,
        "items": [{"sku": "DRAFT", "productTypes": [{"marketplaceId": DE, "productType": "MUG"}]}],
    }).encode())]  # fmt: skip
    found = AMAZON.catalog(keys(peer), since=None, cursor="").products
    assert [(each.remote_id, each.title, each.status, each.url) for each in found] == [
        ("DRAFT", "DRAFT", "inactive", "")
    ]


def test_only_what_changed_is_read(peer: Amazon) -> None:
    peer.add("OLD")
    peer.add("NEW")["updated"] = "2026-05-01T00:00:00Z"
    found = AMAZON.catalog(keys(peer), since=datetime(2026, 1, 1, tzinfo=UTC), cursor="")
    assert [product.remote_id for product in found.products] == ["NEW"]


def test_a_listing_in_two_stores_is_one_product(peer: Amazon) -> None:
    peer.add("TWO", images=3, stores=(DE, FR))
    peer.add("FRENCH", stores=(FR,), created=1_700_000_500)
    found = AMAZON.catalog(keys(peer, "amazon.de, amazon.fr"), since=None, cursor="").products
    assert [product.remote_id for product in found] == ["TWO", "FRENCH"]
    two = found[0]
    assert two.handle == peer.listings["TWO"]["asin"]
    assert two.url == f"https://www.amazon.de/dp/{two.handle}"
    assert [(image.remote_id, image.position) for image in two.images] == [("MAIN", 0), ("PT01", 1), ("PT02", 2)]
    assert two.images[0].url == peer.listings["TWO"]["live"][f"{DE} main_product_image_locator"]
    assert found[1].url.startswith("https://www.amazon.fr/dp/")


@pytest.mark.parametrize("sku", ["A/B C", "50%,ä+&?#", "x;y=z"])
def test_odd_skus_arrive_whole(peer: Amazon, sku: str) -> None:
    peer.add(sku)
    peer.add("other")
    product = AMAZON.one(keys(peer), sku)
    assert product is not None
    assert product.remote_id == sku
    assert AMAZON.existing(keys(peer), [sku, "other", "gone", "gone,too"]) == {sku, "other"}


def test_a_sku_that_would_be_another_address_is_not_asked_for(peer: Amazon) -> None:
    assert [AMAZON.one(keys(peer), sku) for sku in ("", ".", "..")] == [None, None, None]
    assert peer.calls == []


def test_the_sandbox_answers_are_understood(peer: Amazon) -> None:
    """Amazon's own examples, as they are."""
    pairs = [each for each in amazon_model.pairs() if each["operationId"] == "searchListingsItems"]
    good = next(each for each in pairs if each["status"] == "200")["response"]
    bad = next(each for each in pairs if each["status"] == "400")["response"]
    peer.faults = [Said(200, json.dumps(good).encode()), Said(400, json.dumps(bad).encode())]
    found = AMAZON.catalog(keys(peer, "amazon.com"), since=None, cursor="")
    assert [(product.remote_id, product.handle) for product in found.products] == [("GM-ZDPI-9B4E", "B071VG5N9D")]
    assert found.total == 3
    assert found.cursor is not None
    with pytest.raises(MarketplaceError) as refused:
        AMAZON.catalog(keys(peer, "amazon.com"), since=None, cursor="")
    assert (refused.value.code, refused.value.said) == ("refused", "Invalid input")


def test_one_store_that_lacks_a_listing_does_not_hide_it(peer: Amazon) -> None:
    peer.add("FRENCH", stores=(FR,))
    peer.faults = [peers.errors(404, "NOT_FOUND", "not found in marketplace A1PA6795UKMFR9")]
    product = AMAZON.one(keys(peer, "amazon.de, amazon.fr"), "FRENCH")
    assert product is not None
    assert product.url.startswith("https://www.amazon.fr/")


def test_a_shape_that_is_none_is_refused(peer: Amazon) -> None:
    peer.faults = [Said(200, b'{"surprise": true}')]
    with pytest.raises(MarketplaceError) as refused:
        AMAZON.catalog(keys(peer), since=None, cursor="")
    assert refused.value.code == "unexpected"
