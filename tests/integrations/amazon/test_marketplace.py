"""Amazon: the contract of all marketplaces, signing in and its pace, and a plain diagnosis for what goes wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from integrations.amazon.usage_plans import Buckets
from integrations.base import Account, Exchange, MarketplaceError
from integrations.registry import find
from tests.integrations.contract_suite import MarketplaceContract
from tests.support import amazon_peer as peers
from tests.support.amazon_peer import CLIENT, DE, FAULTS, REFRESH, SECRET, Amazon
from tests.support.amazon_settings import keys
from tests.support.woocommerce_peer import page

AMAZON = find("amazon")


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
