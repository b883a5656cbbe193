"""A connected shop for tests, without the form in between."""

from __future__ import annotations

from accounts.access.actor import Actor
from integrations.actions.connection_settings import Wanted
from integrations.actions.connections import connect
from integrations.actions.sync import start, work
from integrations.models import CatalogSync, Connection
from tests.support.woocommerce_peer import KEY, SECRET, Shop


def connection_to(peer: Shop, actor: Actor, *, shared: bool = True, name: str = "") -> Connection:
    keys = {"consumer_key": KEY, "consumer_secret": SECRET}
    wanted = Wanted(name=name, address=peer.address, credentials=keys, shared=shared, calls_per_minute=6000)
    return connect(actor, marketplace="woocommerce", wanted=wanted)


def synced_with(peer: Shop, actor: Actor, *, shared: bool = True, name: str = "") -> Connection:
    """Connected, and its catalog read; what that asked of the shop is forgotten."""
    row = connection_to(peer, actor, shared=shared, name=name)
    turns(start(actor, connection_id=row.pk))
    peer.calls.clear()
    return row


def turns(sync: CatalogSync, most: int = 50) -> CatalogSync:
    """Works on it, as a worker would, until it ends or has to wait."""
    for _ in range(most):
        before = sync.attempt
        work(sync.pk)
        sync.refresh_from_db()
        if sync.attempt == before:
            break
    return sync
