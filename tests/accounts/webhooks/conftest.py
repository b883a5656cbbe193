"""A receiver on this machine, and an endpoint there that gets every event of Alice's organization."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from accounts.actions.webhook_endpoints import create_endpoint
from accounts.models import WebhookEndpoint
from tests.support.cast import Cast
from tests.support.receiver import Receiver, receiver


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as running:
        yield running


@pytest.fixture
def made(cast: Cast, there: Receiver, settings: Settings) -> tuple[WebhookEndpoint, str]:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    return create_endpoint(cast.alice, url=there.url(), events=["*"])
