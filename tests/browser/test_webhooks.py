"""Webhooks in a real browser: an endpoint is made, tested, and its delivery shown, with a real receiver."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, StorageState, expect

from tests.support.browsing import findings, window
from tests.support.receiver import Receiver, receiver
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def owner(server: Server) -> str:
    return server.organization("Hooks")["owner"]


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as running:
        yield running


def test_make_an_endpoint_send_a_test_see_its_delivery(
    server: Server, browser: Browser, state: StorageState, there: Receiver
) -> None:
    there.answers = [(500, {}, b"not yet"), (200, {}, b"got it")]
    with window(browser, server, state) as page:
        page.goto("/webhooks/")
        expect(page.get_by_role("heading", name="No endpoints yet")).to_be_visible()
        assert findings(page) == []
        page.get_by_role("button", name="Add an endpoint").click()
        dialog = page.get_by_role("dialog", name="Add an endpoint")
        dialog.get_by_label("Address").fill(there.url())
        assert findings(page) == []
        dialog.get_by_role("button", name="Add the endpoint").click()
        secret = page.locator("#new-secret-value").inner_text()
        page.keyboard.press("Escape")
        expect(page.get_by_text("This is shown once.")).to_be_visible()
        page.get_by_role("link", name="I have copied it").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(there.url())
        assert secret not in page.content()

        page.get_by_role("button", name="Send test").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("webhook.test")
        # The page follows by itself: the first try fails, the second comes after five seconds.
        expect(page.get_by_text("Try 1: 500")).to_be_visible(timeout=10_000)
        expect(page.get_by_text("Try 2: 200")).to_be_visible(timeout=20_000)
        expect(page.get_by_text("got it")).to_be_visible()
        assert findings(page) == []
        assert [request.verified(secret)["type"] for request in there.seen] == ["webhook.test"] * 2

        page.get_by_role("button", name="Send again").click()
        expect(page.get_by_text("Try 3: 200")).to_be_visible(timeout=10_000)
        assert len({request.message for request in there.seen}) == 1

        page.goto("/webhooks/")
        page.get_by_text("Given up", exact=True).click()
        expect(page.get_by_text("No delivery matches")).to_be_visible()
        page.get_by_text("Succeeded", exact=True).first.click()
        expect(page.locator("#deliveries-list").get_by_role("link", name="webhook.test")).to_be_visible()
        expect(page).to_have_url(re.compile("status=succeeded"))


def test_on_a_phone_in_the_dark_and_without_scripts(
    server: Server, browser: Browser, state: StorageState, there: Receiver
) -> None:
    long = there.url("/" + "a-long-path/" * 20)
    with window(browser, server, state, size=(390, 844), dark=True) as page:
        page.goto("/webhooks/")
        page.get_by_role("button", name="Add an endpoint").click()
        page.get_by_role("dialog", name="Add an endpoint").get_by_label("Address").fill(long)
        page.get_by_role("button", name="Add the endpoint").click()
        page.get_by_role("link", name="I have copied it").click()
        assert findings(page) == []
        page.get_by_role("button", name="Send test").click()
        expect(page.get_by_text("Try 1: 200")).to_be_visible(timeout=10_000)
        assert findings(page) == []
        page.goto("/webhooks/")
        assert findings(page) == []
    with window(browser, server, state, scripts=False) as page:
        page.goto("/webhooks/")
        page.get_by_role("button", name=f"Send a test to {long}").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("webhook.test")
