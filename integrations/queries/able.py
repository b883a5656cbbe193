"""What a connected shop takes, where its keys tell."""

from __future__ import annotations

from accounts.kit.encryption import Undecipherable
from integrations import registry
from integrations.base import MarketplaceError
from integrations.models import Connection
from integrations.publishing import Capabilities


def able(row: Connection) -> Capabilities | None:
    """None where the keys cannot be read; nothing is asked of the shop."""
    try:
        return registry.find(row.marketplace).publisher.capabilities(row.account())
    except (MarketplaceError, Undecipherable):
        return None
