"""A shop is connected in a real browser, tells by itself what changes, and its page says so."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, StorageState, expect

from tests.support.browsing import chromium, findings, sign_in, window
from tests.support.server import Server
from tests.support.woocommerce_peer import KEY, SECRET, Shop, shop

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def deliver(address: str, headers: dict[str, str], body: bytes) -> int:
    """As the shop's server does, over HTTP."""
    try:
        with urllib.request.urlopen(urllib.request.Request(address, body, headers), timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.fixture(scope="module")
def peer() -> Iterator[Shop]:
    with shop() as running:
        running.add(1, title="Blue mug", sku="MUG-1")
        running.webhooks.deliver = deliver
        yield running


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(Path(tmp_path_factory.mktemp("connection")), {"OUTBOUND_ALLOWED_HOSTS": "127.0.0.1,localhost"})
    running.settings["BASE_URL"] = running.base
    running.start(ready_within=120)
    yield running
    running.stop(within=60)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture(scope="module")
def state(own_server: Server, browser: Browser) -> StorageState:
    return sign_in(browser, own_server, own_server.organization("Mugs")["owner"])


def test_from_the_form_to_what_the_shop_tells(
    own_server: Server, browser: Browser, state: StorageState, peer: Shop
) -> None:
    with window(browser, own_server, state) as page:
        page.goto("/integrations/connect/woocommerce/")
        assert findings(page) == []
        page.get_by_label("Shop address").fill(peer.address)
        page.get_by_label("Consumer key").fill(KEY)
        page.get_by_label("Consumer secret").fill(SECRET)
        page.get_by_role("button", name="Connect", exact=True).click()
        expect(page.get_by_role("heading", name="What the shop tells Packshot")).to_be_visible()
        page.get_by_role("button", name="Run sync").click()
        expect(page.get_by_text("1 read")).to_be_visible(timeout=30_000)
        for _ in range(30):
            page.reload()
            if page.get_by_text("Subscribed").count():
                break
            page.wait_for_timeout(1000)
        expect(page.get_by_text("product.restored")).to_be_visible()
        peer.products[1]["name"] = "Green mug"
        assert peer.webhooks.emit("product.updated", peer.products[1]) == [200]
        for _ in range(30):
            page.reload()
            if page.get_by_text("Catalog brought up to date").count():
                break
            page.wait_for_timeout(1000)
        expect(page.get_by_text("Catalog brought up to date")).to_be_visible()
        page.get_by_label("Quiet hours from").fill("08:00")
        page.get_by_label("Quiet hours until").fill("09:30")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("08:00 to 09:30 (UTC)")).to_be_visible()
        page.set_viewport_size({"width": 390, "height": 844})
        page.emulate_media(color_scheme="dark")
        assert findings(page) == []
        page.goto("/catalog/")
        expect(page.get_by_text("Green mug").first).to_be_visible()
