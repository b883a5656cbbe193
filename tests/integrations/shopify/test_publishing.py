"""Publishing to Shopify: the contract of all publishers."""

from __future__ import annotations

from typing import Any

from integrations.base import Account
from integrations.publishing import Place
from tests.integrations.publishing_contract import PublishingContract
from tests.support import shopify_peer as peers
from tests.support.shopify_peer import Shop
from tests.support.shopify_publishing import account, everything, in_place

FAULTS = {
    "throttled": peers.throttled(),
    "error": peers.page(503),
    "half": peers.half(),
    "broken off": peers.broken_off(),
}


class TestShopifyPublishing(PublishingContract):
    key = "shopify"
    transient = tuple(FAULTS)

    def account(self, peer: Shop) -> Account:
        return account(peer)

    def fill(self, peer: Shop, count: int) -> None:
        for number in range(1, count + 1):
            peer.held.add(number, images=2, variants=3 if number == 1 else 0)

    def product(self, peer: Shop) -> str:
        return "gid://shopify/Product/1"

    def variant(self, peer: Shop) -> str:
        return "gid://shopify/ProductVariant/1000"

    def customers_see(self, peer: Shop, place: Place) -> bytes | None:
        found = in_place(peer, place)
        return found.data if found else None

    def texts(self, peer: Shop, place: Place) -> tuple[str, str]:
        found = in_place(peer, place)
        return (found.alt if found else "", "")

    def everything_else(self, peer: Shop, place: Place) -> Any:
        return everything(peer, except_for=in_place(peer, place))

    def somebody_puts(self, peer: Shop, place: Place, data: bytes) -> None:
        found = in_place(peer, place)
        assert found
        found.data, found.version = data, found.version + 1

    def remove(self, peer: Shop, remote_id: str) -> None:
        del peer.held.products[remote_id]

    def fail(self, peer: Shop, how: str) -> None:
        peer.faults.append(FAULTS[how])

    def lose_answer(self, peer: Shop) -> None:
        peer.swallow = {"UpdateFile", "AddMedia"}

    def time_passes(self, peer: Shop) -> None:
        for _ in range(3):
            peer.held.tick()
