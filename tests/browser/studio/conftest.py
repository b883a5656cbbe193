"""A window with the Studio, nothing in its strip and the first preset chosen; and photos."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, StorageState

from tests.support.photos import product_photo
from tests.support.server import Server
from tests.support.studio_page import fresh


@pytest.fixture(scope="session")
def owner(server: Server) -> str:
    return server.organization("Studio")["owner"]


@pytest.fixture
def page(page: Page) -> Page:
    """An empty strip and the first preset."""
    fresh(page)
    return page


@pytest.fixture
def refused(server: Server, browser: Browser, state: StorageState) -> Iterator[Page]:
    """The same, for requests that the server refuses: browsers write every refusal to the console."""
    context = browser.new_context(base_url=server.base, viewport={"width": 1440, "height": 900}, storage_state=state)
    opened_page = context.new_page()
    errors: list[str] = []
    opened_page.on("pageerror", lambda error: errors.append(str(error)))
    fresh(opened_page)
    yield opened_page
    context.close()
    assert errors == []


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("photos")
    files = [folder / f"cup-{number:02d}.jpg" for number in range(12)]
    for seed, file in enumerate(files):
        file.write_bytes(product_photo(seed))
    return files
