"""Images of a WooCommerce shop: what it shows."""

from __future__ import annotations

from integrations.base import Account, Blame, MarketplaceError
from integrations.publishing import Capabilities, Memory, Picture, Place, Publisher, Sent, Shown


class WooCommercePublisher(Publisher):
    def capabilities(self, account: Account) -> Capabilities:
        return Capabilities(places=100, variant_images=True, pulls=True)

    def shown(self, account: Account, place: Place) -> Shown:
        raise _not_yet()

    def publish(self, account: Account, place: Place, picture: Picture, before: Shown, memory: Memory) -> Sent:
        raise _not_yet()

    def follow(self, account: Account, place: Place, picture: Picture, memory: Memory) -> Sent:
        raise _not_yet()

    def restore(self, account: Account, place: Place, before: Shown, kept: Picture | None, memory: Memory) -> Sent:
        raise _not_yet()


def _not_yet() -> MarketplaceError:
    return MarketplaceError("not_yet", "Not possible yet.", blame=Blame.US, permanent=True)
