"""Amazon on this machine, where its client looks for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from tests.support.amazon_peer import Amazon
from tests.support.amazon_settings import pointed


@pytest.fixture
def peer(settings: Settings) -> Iterator[Amazon]:
    with pointed(settings) as running:
        yield running
