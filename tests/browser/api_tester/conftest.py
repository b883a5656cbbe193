"""A window signed in as the owner of a shop with credits, whose calls may be refused; and a photo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, StorageState

from tests.support.browsing import window
from tests.support.photos import product_photo
from tests.support.server import Server


@pytest.fixture(scope="session")
def shop(server: Server) -> dict[str, str]:
    return server.organization("Tester", credits=500)


@pytest.fixture(scope="session")
def owner(shop: dict[str, str]) -> str:
    return shop["owner"]


@pytest.fixture
def page(browser: Browser, server: Server, state: StorageState) -> Iterator[Page]:
    with window(browser, server, state, refusals=True) as opened:
        opened.set_default_timeout(10_000)
        yield opened


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "mug.jpg"
    path.write_bytes(product_photo(1, size=(120, 100)))
    return path
