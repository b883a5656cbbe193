"""WooCommerce: the contract of all marketplaces, and a plain diagnosis for each of the shop's recorded answers."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from integrations.base import Account, MarketplaceError
from integrations.registry import find
from integrations.woocommerce.addresses import tidy_address
from tests.integrations.contract_suite import MarketplaceContract
from tests.support import woocommerce_peer as peers
from tests.support.certificate import certificate
from tests.support.serving import Said
from tests.support.woocommerce_peer import KEY, READ_ONLY, SECRET, Shop, shop

WOO = find("woocommerce")


@pytest.fixture
def peer(settings: Settings) -> Iterator[Shop]:
    settings.OUTBOUND_ALLOWED_HOSTS = ["localhost"]
    with shop() as running:
        yield running


@pytest.fixture
def secure(settings: Settings, tls: ssl.SSLContext) -> Iterator[Shop]:
    settings.OUTBOUND_ALLOWED_HOSTS = ["localhost"]
    with shop(tls=tls) as running:
        yield running


def keys(peer: Shop, key: str = KEY, secret: str = SECRET) -> Account:
    return WOO.account(peer.address, {"consumer_key": key, "consumer_secret": secret})


FAULTS = {
    "throttled": peers.throttled(),
    "maintenance": peers.recorded("maintenance_503"),
    "error": peers.page(500),
    "half": peers.half(),
    "broken off": peers.broken_off(),
}


class TestWooCommerce(MarketplaceContract):
    key = "woocommerce"
    transient = tuple(FAULTS)

    def account(self, peer: Shop) -> Account:
        return keys(peer)

    def wrong(self, peer: Shop) -> Account:
        return keys(peer, "ck_" + "0" * 40)

    def fill(self, peer: Shop, count: int) -> None:
        for number in range(1, count + 1):
            peer.add(number, images=2, variants=3 if number == 1 else 0)

    def remove(self, peer: Shop, remote_id: str) -> None:
        del peer.products[int(remote_id)]

    def fail(self, peer: Shop, how: str) -> None:
        peer.faults.append(FAULTS[how])


def diagnosis(account: Account) -> MarketplaceError:
    with pytest.raises(MarketplaceError) as refused:
        WOO.check(account)
    return refused.value


@pytest.mark.parametrize(
    ("account", "code", "field"),
    [
        (("ck_" + "0" * 40, SECRET), "wrong_key", "consumer_key"),
        ((KEY, "cs_" + "0" * 40), "wrong_secret", "consumer_secret"),
        ((READ_ONLY, SECRET), "read_only_key", "consumer_key"),
    ],
)
@pytest.mark.parametrize("way", ["http", "https"])
def test_wrong_keys(request: pytest.FixtureRequest, way: str, account: tuple[str, str], code: str, field: str) -> None:
    running: Shop = request.getfixturevalue("peer" if way == "http" else "secure")
    found = diagnosis(keys(running, *account))
    assert (found.code, found.field, found.permanent) == (code, field, True)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (peers.recorded("permalinks_plain"), "permalinks_off"),
        (peers.recorded("not_wordpress"), "not_a_shop"),
        (peers.recorded("route_missing"), "no_woocommerce"),
        (peers.recorded("rest_blocked_by_plugin"), "blocked"),
        (peers.page(403), "blocked"),
        (peers.page(200, "<html>Checking your browser. Cloudflare</html>"), "blocked"),
        (peers.page(404), "not_a_shop"),
        (Said(301, b"", {"Location": "https://www.example.com/wp-json/wc/v3/products"}), "moved"),
    ],
    ids=["permalinks", "not wordpress", "no woocommerce", "plugin", "waf", "challenge", "nothing", "moved"],
)
def test_what_else_answers(peer: Shop, answer: Said, code: str) -> None:
    peer.always = answer
    found = diagnosis(keys(peer))
    assert (found.code, found.permanent) == (code, True)
    assert SECRET not in found.detail


def test_plain_permalinks_of_a_server_that_says_not_found(peer: Shop) -> None:
    peer.faults = [peers.page(404)]
    assert diagnosis(keys(peer)).code == "permalinks_off"
    assert KEY not in str(peer.calls[-1].query)


def test_a_wrong_clock(peer: Shop) -> None:
    real = peer.clock
    peer.clock = lambda: real() + 1000
    assert diagnosis(keys(peer)).code == "clock"


def test_a_host_that_drops_the_header_is_told_from_a_wrong_key(secure: Shop) -> None:
    secure.strips_header = True
    checked = WOO.check(keys(secure))
    assert checked.options == {"auth": "query"}
    assert "Authorization header" in checked.notes[0]
    secure.add(1)
    page = WOO.catalog(replace(keys(secure), options=checked.options), since=None, cursor="")
    assert [product.remote_id for product in page.products] == ["1"]
    assert diagnosis(keys(secure, "ck_" + "0" * 40)).code == "wrong_key"
    secure.strips_header = False
    assert WOO.check(replace(keys(secure), options=checked.options)).options == {}


def test_keys_are_not_sent_to_a_server_without_a_good_certificate(settings: Settings, tmp_path: Path) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["localhost"]
    tls: ssl.SSLContext = certificate(tmp_path)[0]
    with shop(tls=tls) as running:
        found = diagnosis(keys(running))
        assert (found.code, found.field) == ("certificate", "address")
        assert running.calls == []


def test_nobody_there_and_the_inside_of_the_network(peer: Shop, settings: Settings) -> None:
    gone = replace(keys(peer), address="http://localhost:9")
    assert diagnosis(gone).code == "unreachable"
    settings.OUTBOUND_ALLOWED_HOSTS = []
    assert diagnosis(keys(peer)).code == "address_refused"
    assert peer.calls == []


def test_the_check_changes_nothing_in_the_shop(peer: Shop) -> None:
    peer.add(1)
    before = {number: dict(product) for number, product in peer.products.items()}
    WOO.check(keys(peer))
    assert peer.products == before
    assert [(call.method, call.body) for call in peer.calls if call.method != "GET"] == [("POST", b'{"update": []}')]


def test_only_what_changed_is_read(peer: Shop) -> None:
    from datetime import UTC, datetime

    peer.add(1)
    peer.add(2)
    peer.touch(1, at=1_700_000_000)
    since = datetime.fromtimestamp(1_750_000_000, UTC)
    page = WOO.catalog(keys(peer), since=since, cursor="")
    assert [product.remote_id for product in page.products] == ["2"]


def test_a_product_that_moves_up_while_pages_are_read_is_not_lost(peer: Shop) -> None:
    for number in range(1, 251):
        peer.add(number, images=0)
    seen: set[str] = set()
    cursor: str | None = ""
    while cursor is not None:
        found = WOO.catalog(keys(peer), since=None, cursor=cursor)
        seen |= {product.remote_id for product in found.products}
        peer.products.pop(5, None)
        cursor = found.cursor
    assert {str(number) for number in range(6, 251)} <= seen


def test_entities_and_odd_values(peer: Shop) -> None:
    product = peer.add(1, title="M&ouml;bel &amp; Wohnen\0", variants=1)
    peer.variations[1][0]["image"] = None
    product["images"][0]["alt"] = None
    found = WOO.catalog(keys(peer), since=None, cursor="").products[0]
    assert found.title == "Möbel & Wohnen"
    assert found.variants[0].image is None
    assert found.images[0].alt == ""


def test_a_list_that_is_none_is_refused(peer: Shop) -> None:
    peer.always = Said(200, b'{"surprise": true}')
    with pytest.raises(MarketplaceError) as refused:
        WOO.catalog(keys(peer), since=None, cursor="")
    assert refused.value.code == "unexpected"


@pytest.mark.parametrize(
    ("typed", "tidy"),
    [
        (" example.com/ ", "https://example.com"),
        ("https://example.com/shop/wp-admin/admin.php?page=wc", "https://example.com/shop"),
        ("http://example.com:8080/wp-json/wc/v3", "http://example.com:8080"),
    ],
)
def test_addresses_are_tidied(typed: str, tidy: str) -> None:
    assert tidy_address(typed) == tidy
