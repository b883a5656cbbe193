"""Amazon: the contract of all marketplaces, against Amazon's own models, and a plain diagnosis for what goes wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pytest_django.fixtures import Settings

from accounts.kit.errors import InvalidInput
from integrations.amazon import catalog, stores
from integrations.amazon.usage_plans import Buckets
from integrations.base import Account, Exchange, MarketplaceError
from integrations.registry import find
from tests.integrations.contract_suite import MarketplaceContract
from tests.support import amazon_model
from tests.support import amazon_peer as peers
from tests.support.amazon_peer import CLIENT, DE, FR, REFRESH, SECRET, Amazon
from tests.support.amazon_settings import keys, pointed
from tests.support.serving import Said
from tests.support.woocommerce_peer import broken_off, half, page

AMAZON = find("amazon")
FAULTS = {
    "throttled": peers.throttled(),
    "error": page(500),
    "unavailable": peers.errors(503, "ServiceUnavailable", "Service is temporarily unavailable."),
    "half": half(),
    "broken off": broken_off(),
}


@pytest.fixture
def peer(settings: Settings) -> Iterator[Amazon]:
    with pointed(settings) as running:
        yield running


class TestAmazon(MarketplaceContract):
    key = "amazon"
    transient = tuple(FAULTS)
    has_variants = False

    def account(self, peer: Amazon) -> Account:
        return keys(peer)

    def wrong(self, peer: Amazon) -> Account:
        return keys(peer, client_secret="amzn1.oa2-cs.v1." + "0" * 64)

    def fill(self, peer: Amazon, count: int) -> None:
        for number in range(1, count + 1):
            peer.add(f"SKU-{number:03}", images=2, created=1_700_000_000 + number)

    def remove(self, peer: Amazon, remote_id: str) -> None:
        del peer.listings[remote_id]

    def fail(self, peer: Amazon, how: str) -> None:
        peer.faults.append(FAULTS[how])


def diagnosis(account: Account) -> tuple[str, str]:
    with pytest.raises(MarketplaceError) as refused:
        AMAZON.check(account)
    assert refused.value.permanent
    for name in ("client_secret", "refresh_token"):
        assert account.credentials[name] not in refused.value.detail
    return refused.value.code, refused.value.field


@pytest.mark.parametrize(
    ("other", "found"),
    [
        ({"client_id": "amzn1.application-oa2-client." + "0" * 32}, ("wrong_client", "client_secret")),
        ({"client_secret": "0" * 64}, ("wrong_client", "client_secret")),
        ({"refresh_token": "Atzr|" + "0" * 300}, ("wrong_token", "refresh_token")),
        ({"seller_id": "A0000000000000"}, ("wrong_seller", "seller_id")),
    ],
)
def test_wrong_keys(peer: Amazon, other: dict[str, str], found: tuple[str, str]) -> None:
    assert diagnosis(keys(peer, **other)) == found


def test_a_token_of_another_app(peer: Amazon) -> None:
    peer.login_fault = 400, {"error": "unauthorized_client", "error_description": "Not authorized"}
    assert diagnosis(keys(peer)) == ("other_client", "client_id")


def test_another_region_is_named(peer: Amazon) -> None:
    account = keys(peer, "amazon.com")
    with pytest.raises(MarketplaceError) as refused:
        AMAZON.check(account)
    assert (refused.value.code, refused.value.field) == ("wrong_region", "address")
    assert "amazon.de, amazon.fr" in refused.value.detail


def test_a_store_without_this_seller(peer: Amazon) -> None:
    peer.participating = {DE}
    with pytest.raises(MarketplaceError) as refused:
        AMAZON.check(keys(peer, "amazon.de, amazon.fr"))
    assert (refused.value.code, refused.value.field) == ("wrong_store", "address")
    assert "does not sell on amazon.fr" in refused.value.detail


def test_a_missing_role(peer: Amazon) -> None:
    peer.roles = {"sellers"}
    assert diagnosis(keys(peer)) == ("not_permitted", "refresh_token")
    peer.roles = set()
    assert diagnosis(keys(peer)) == ("not_permitted", "refresh_token")


def test_the_role_for_listings_is_enough(peer: Amazon) -> None:
    peer.roles = {"listings"}
    peer.add("ONE")
    assert AMAZON.check(keys(peer)).products == 1


def test_the_check_only_reads(peer: Amazon) -> None:
    peer.add("ONE")
    AMAZON.check(keys(peer))
    assert {call.method for call in peer.calls} == {"GET"}


def test_what_answers_in_amazons_place(peer: Amazon) -> None:
    peer.faults = [page(403, "<html>Blocked by the proxy</html>")]
    assert diagnosis(keys(peer)) == ("unexpected", "")
    peer.login_fault = 503, {}
    with pytest.raises(MarketplaceError) as failed:
        AMAZON.check(keys(peer, client_secret="9" * 64))
    assert (failed.value.code, failed.value.permanent) == ("login_down", False)


def test_one_sign_in_serves_an_hour_and_a_refused_token_is_renewed_once(peer: Amazon) -> None:
    account = keys(peer, refresh_token=REFRESH)
    peer.add("ONE")
    before = peer.logins
    for _ in range(3):
        AMAZON.one(account, "ONE")
    assert peer.logins - before <= 1
    before = peer.logins
    peer.faults = [peers.expired()]
    assert AMAZON.one(account, "ONE")
    assert peer.logins == before + 1
    peer.faults = [peers.expired(), peers.expired()]
    with pytest.raises(MarketplaceError) as refused:
        AMAZON.one(account, "ONE")
    assert (refused.value.permanent, refused.value.field) == (True, "refresh_token")


def test_a_changed_secret_does_not_live_on_the_old_token(peer: Amazon) -> None:
    AMAZON.catalog(keys(peer), since=None, cursor="")
    with pytest.raises(MarketplaceError):
        AMAZON.catalog(keys(peer, client_secret="7" * 64), since=None, cursor="")


def test_the_usage_plan_is_kept_to_and_learned() -> None:
    slept = [0.0]

    def sleep(seconds: float) -> None:
        slept[0] += seconds

    buckets = Buckets(lambda: slept[0], sleep)
    for _ in range(25):
        buckets.wait("A1", "searchListingsItems")
    assert slept[0] == pytest.approx(4.0)
    buckets.wait("A2", "searchListingsItems")
    assert slept[0] == pytest.approx(4.0)
    buckets.learned("A1", "searchListingsItems", "0.5")
    buckets.wait("A1", "searchListingsItems")
    assert slept[0] == pytest.approx(6.0)
    assert buckets.refused("A1", "searchListingsItems") == pytest.approx(2.0)
    buckets.learned("A1", "searchListingsItems", "nonsense")
    for _ in range(15):
        buckets.wait("A1", "getMarketplaceParticipations")
    with pytest.raises(MarketplaceError) as throttled:
        buckets.wait("A1", "getMarketplaceParticipations")
    assert (throttled.value.permanent, throttled.value.retry_after) == (False, 63)


def test_amazons_own_wait_is_told(peer: Amazon) -> None:
    peer.faults = [peers.errors(429, "QuotaExceeded", "Slow down.", **{"Retry-After": "40"})]
    with pytest.raises(MarketplaceError) as throttled:
        AMAZON.catalog(keys(peer), since=None, cursor="")
    assert throttled.value.retry_after == 40


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


def test_nothing_secret_and_no_token_is_in_the_log(peer: Amazon) -> None:
    told: list[Exchange] = []
    account = replace(keys(peer), after_call=told.append)
    peer.add("ONE")
    peer.faults = [peers.errors(400, "InvalidInput", f"{SECRET} {REFRESH} {CLIENT} is wrong")]
    with pytest.raises(MarketplaceError) as refused:
        AMAZON.one(account, "ONE")
    AMAZON.one(account, "ONE")
    text = f"{told} {refused.value.said} {refused.value.detail}"
    for secret in (SECRET, REFRESH, CLIENT, "Atza|"):
        assert secret not in text
    assert [each.status for each in told] == [400, 200]


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
