"""What points Amazon's client at the peer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pytest_django.fixtures import Settings

from integrations.base import Account
from integrations.registry import find
from tests.support.amazon_peer import CLIENT, REFRESH, SECRET, Amazon, amazon


@contextmanager
def pointed(settings: Settings) -> Iterator[Amazon]:
    """The peer in Amazon's place. Afterwards nothing was sent or answered that Amazon's models do not allow."""
    with amazon() as running:
        settings.OUTBOUND_ALLOWED_HOSTS = ["localhost"]
        settings.AMAZON_SPAPI_ENDPOINT = f"{running.address}/{{region}}"
        settings.AMAZON_LWA_ENDPOINT = f"{running.address}/auth/o2/token"
        yield running
        assert running.wrong == []


def keys(peer: Amazon, stores: str = "amazon.de", **other: str) -> Account:
    good = {"seller_id": peer.seller, "client_id": CLIENT, "client_secret": SECRET, "refresh_token": REFRESH}
    return find("amazon").account(stores, good | other)
