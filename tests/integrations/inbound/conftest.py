"""A shop that tells us of its changes."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from integrations.actions.checks import check
from integrations.models import Connection
from tests.support.cast import Cast
from tests.support.shops import synced_with
from tests.support.woocommerce_peer import Shop, shop

BASE = "https://packshot.example.com"


@pytest.fixture
def peer(settings: Settings, client: Client) -> Iterator[Shop]:
    """A shop whose webhooks reach us."""
    settings.OUTBOUND_ALLOWED_HOSTS = ["localhost"]
    settings.BASE_URL = BASE

    def deliver(address: str, headers: dict[str, str], body: bytes) -> int:
        parts = urlsplit(address)
        kind = headers["Content-Type"]
        if body.startswith(b"webhook_id="):
            return 200  # the ping comes in a thread of the peer, which does not see what this test has not committed
        others = {name: value for name, value in headers.items() if name != "Content-Type"}
        return client.post(parts.path, body, content_type=kind, headers=others).status_code

    with shop() as running:
        running.webhooks.deliver = deliver
        yield running


@pytest.fixture
def row(cast: Cast, peer: Shop) -> Connection:
    """Connected, read once, and subscribed."""
    for number in (1, 2, 3):
        peer.add(number, variants=2 if number == 1 else 0)
    made = synced_with(peer, cast.bob)
    check(made.pk)
    return made
