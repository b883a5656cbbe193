"""A shop without products, and a connection to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from integrations.models import Connection
from tests.support.cast import Cast
from tests.support.shops import connection_to
from tests.support.woocommerce_peer import Shop, shop


@pytest.fixture
def peer(settings: Settings) -> Iterator[Shop]:
    settings.OUTBOUND_ALLOWED_HOSTS = ["localhost"]
    with shop() as running:
        yield running


@pytest.fixture
def row(cast: Cast, peer: Shop) -> Connection:
    return connection_to(peer, cast.bob)
