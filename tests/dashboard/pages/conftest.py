"""A WooCommerce shop with one product."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from tests.support.woocommerce_peer import Shop, shop


@pytest.fixture
def peer(settings: Settings) -> Iterator[Shop]:
    settings.OUTBOUND_ALLOWED_HOSTS = ["localhost"]
    with shop() as running:
        running.add(1)
        yield running
