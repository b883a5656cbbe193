"""The window that most tests have: signed in as the owner whom their file makes with its fixture `owner`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, StorageState

from tests.support.browsing import sign_in, window
from tests.support.server import Server


@pytest.fixture(scope="module")
def state(server: Server, browser: Browser, owner: str) -> StorageState:
    return sign_in(browser, server, owner)


@pytest.fixture
def page(browser: Browser, server: Server, state: StorageState) -> Iterator[Page]:
    with window(browser, server, state) as opened:
        yield opened
