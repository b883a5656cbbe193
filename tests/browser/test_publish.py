"""Publishing in a real browser, to a WooCommerce peer: from the library into a listing, and the old image back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.support.browsing import chromium, findings, sign_in, window
from tests.support.finished import in_server
from tests.support.server import Server
from tests.support.woocommerce_peer import Shop, shop

pytestmark = pytest.mark.browser
_OWNER = "publishing@example.com"


@pytest.fixture(scope="module")
def peer() -> Iterator[Shop]:
    with shop() as running:
        running.add(1, title="Blue mug", sku="MUG-1", images=2)
        running.add(2, title="Plate", sku="PLATE")
        yield running


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory, peer: Shop) -> Iterator[Server]:
    running = Server(Path(tmp_path_factory.mktemp("publish")), {"OUTBOUND_ALLOWED_HOSTS": "127.0.0.1,localhost"})
    running.settings["BASE_URL"] = running.base
    running.start(ready_within=120)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture(scope="module")
def state(own_server: Server, browser: Browser, peer: Shop) -> StorageState:
    email = own_server.organization("Publishing")["owner"]
    code = (
        "from tests.support.listed import shop_of, product_of\n"
        f"me = owner({email!r})\n"
        f"row = shop_of(me, address={peer.address!r})\n"
        "product_of(row, '1', title='Blue mug', sku='MUG-1', images=2)\n"
        "product_of(row, '2', title='Plate', sku='PLATE')\n"
        "job_of(me, Photo(name='MUG-1.jpg', size=(900, 900)))\n"
    )
    in_server(own_server, code)
    return sign_in(browser, own_server, email)


def sources(peer: Shop) -> list[int]:
    return [image["id"] for image in peer.products[1]["images"]]


def checked(page: Page) -> None:
    for dark in ("light", "dark"):
        page.emulate_media(color_scheme=dark)  # type: ignore[arg-type]
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            assert findings(page) == [], (page.url, dark, width)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 900})


def publish_without_scripts(page: Page) -> None:
    page.goto("/integrations/")
    expect(page.get_by_text("No publish events yet.")).to_be_visible()
    page.get_by_role("link", name="MUG-1.jpg").click()
    page.get_by_role("searchbox", name="Search products by title or SKU").fill("plate")
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_role("radio", name="Plate").check(force=True)
    page.get_by_role("button", name="Choose this product").click()
    page.get_by_role("radio", name="Image 2").check(force=True)
    page.get_by_role("button", name="Choose this place").click()
    expect(page.get_by_role("radio", name="Image 2")).to_be_checked()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Plate")


def test_into_a_listing_and_back(own_server: Server, browser: Browser, state: StorageState, peer: Shop) -> None:
    before = sources(peer)
    with window(browser, own_server, state, scripts=False) as page:
        publish_without_scripts(page)
    with window(browser, own_server, state) as page:
        page.goto("/integrations/")
        checked(page)
        page.get_by_role("link", name="MUG-1.jpg").click()
        expect(page.get_by_text("With the SKU that the image is named by:")).to_be_visible()
        search = page.get_by_role("searchbox", name="Search products by title or SKU")
        search.fill("plate")
        expect(page.get_by_role("radio", name="Plate")).to_be_visible()
        expect(page.get_by_role("radio", name="Blue mug")).to_be_hidden()
        search.fill("mug")
        page.get_by_role("radio", name="Blue mug").check()
        page.get_by_role("radio", name="Image 2").check()
        expect(page.get_by_role("radio", name="Image 2")).to_be_checked()
        expect(page.locator(".publish-summary")).to_contain_text("Image 2")
        checked(page)
        page.get_by_role("button", name="Publish", exact=True).click()

        expect(page.get_by_role("heading", level=1)).to_have_text("Blue mug")
        expect(page.get_by_text("The shop shows the image in its place.")).to_be_visible(timeout=30_000)
        now = sources(peer)
        assert (len(now), now[0], now[1] not in before) == (len(before), before[0], True)
        checked(page)
        page.get_by_text("Requests and answers").first.click()
        page.get_by_role("button", name="Put the old one back").click()
        dialog = page.get_by_role("dialog", name="Put the old image of Blue mug back?")
        assert findings(page) == []
        dialog.get_by_role("button", name="Put it back").click()
        expect(page.get_by_text("The shop shows what it showed before.")).to_be_visible(timeout=30_000)
        assert sources(peer) == before
        page.goto("/integrations/")
        expect(page.get_by_text("Showing 1-3 of 3")).to_be_visible()
        checked(page)
