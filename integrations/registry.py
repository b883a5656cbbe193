"""The marketplaces that can be connected."""

from __future__ import annotations

from accounts.kit.errors import NotFound
from integrations.amazon.marketplace import Amazon
from integrations.amazon_bridge.marketplace import AmazonBridge
from integrations.base import Marketplace
from integrations.shopify.marketplace import Shopify
from integrations.woocommerce.marketplace import WooCommerce

MARKETPLACES: dict[str, Marketplace] = {each.key: each for each in (Shopify(), WooCommerce(), Amazon(), AmazonBridge())}


def find(key: str) -> Marketplace:
    """Raises NotFound."""
    if key not in MARKETPLACES:
        raise NotFound("There is no such marketplace.")
    return MARKETPLACES[key]
