"""Publishing in a real browser, to a WooCommerce peer: from the library into a listing, and the old image back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.support.browsing import findings, window
from tests.support.finished import in_server
from tests.support.server import Server
from tests.support.woocommerce_peer import Shop, shop

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def peer() -> Iterator[Shop]:
    with shop() as running:
        running.add(1, title="Blue mug", sku="MUG-1", images=2)
        running.add(2, title="Plate", sku="PLATE")
        for number in (3, 4):
            running.add(number, title=f"Bowl {number}")
        yield running


@pytest.fixture(scope="module")
def owner(server: Server, peer: Shop) -> str:
    email = server.organization("Publishing")["owner"]
    code = (
        "from tests.support.listed import shop_of, product_of\n"
        f"me = owner({email!r})\n"
        f"row = shop_of(me, address={peer.address!r})\n"
        "product_of(row, '1', title='Blue mug', sku='MUG-1', images=2)\n"
        "product_of(row, '2', title='Plate', sku='PLATE')\n"
        "for number in ('3', '4'):\n"
        "    product_of(row, number, title='Bowl ' + number)\n"
        "job_of(me, Photo(name='MUG-1.jpg', size=(900, 900)))\n"
    )
    in_server(server, code)
    return email


def sources(peer: Shop) -> list[int]:
    return [image["id"] for image in peer.products[1]["images"]]


def checked(page: Page) -> None:
    expect(page.locator(".toast")).to_have_count(0, timeout=20_000)
    for dark in ("light", "dark"):
        page.emulate_media(color_scheme=dark)
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


def test_into_a_listing_and_back(server: Server, browser: Browser, state: StorageState, peer: Shop) -> None:
    before = sources(peer)
    with window(browser, server, state, scripts=False) as page:
        publish_without_scripts(page)
    # A picture of the catalog may be replaced, by what was just published, between a page and its pictures.
    with window(browser, server, state, refusals=True) as page:
        page.goto("/integrations/")
        checked(page)
        page.get_by_role("link", name="MUG-1.jpg").click()
        expect(page.get_by_text("With the SKU that the image is named by:")).to_be_visible()
        search = page.get_by_role("searchbox", name="Search products by title or SKU")
        search.fill("plate")
        expect(page.get_by_role("radio", name="Plate")).to_be_visible()
        expect(page.get_by_role("radio", name="Blue mug")).to_be_hidden()
        search.fill("mug")
        expect(page.get_by_role("radio", name="Plate")).to_be_hidden()
        page.get_by_role("radio", name="Blue mug").check()
        page.get_by_role("radio", name="Image 2").check()
        expect(page.get_by_role("radio", name="Image 2")).to_be_checked()
        expect(page.locator(".publish-summary")).to_contain_text("Image 2")
        checked(page)
        page.get_by_role("button", name="Publish", exact=True).click()

        expect(page.get_by_role("heading", level=1)).to_have_text("Blue mug")
        expect(page.get_by_text("The shop shows the image in its place.")).to_be_visible(timeout=60_000)
        now = sources(peer)
        assert (len(now), now[0], now[1] not in before) == (len(before), before[0], True)
        checked(page)
        page.get_by_text("Requests and answers").first.click()
        page.get_by_role("button", name="Put the old one back").click()
        dialog = page.get_by_role("dialog", name="Put the old image of Blue mug back?")
        assert findings(page) == []
        dialog.get_by_role("button", name="Put it back").click()
        expect(page.get_by_text("The shop shows what it showed before.")).to_be_visible(timeout=60_000)
        assert sources(peer) == before
        page.goto("/integrations/")
        expect(page.get_by_text("Showing 1-3 of 3")).to_be_visible()
        checked(page)


def test_a_run_is_looked_at_and_goes_on(server: Server, browser: Browser, state: StorageState, peer: Shop) -> None:
    before = [peer.products[number]["images"][0]["id"] for number in (3, 4)]
    code = (
        "from integrations.actions import runs\n"
        "from integrations.models import Connection\n"
        "from processing.models import JobImage\n"
        "me = owner('owner-publishing@example.com')\n"
        "row = Connection.objects.of(me).get()\n"
        "image = JobImage.objects.of(me).get(name='MUG-1.jpg').output\n"
        "items = [runs.Item(image.pk, number) for number in ('3', '4')]\n"
        "print(runs.start(me, connection_id=row.pk, items=items, first=1, name='Bowls').pk)\n"
    )
    run = in_server(server, code).strip().splitlines()[-1]
    with window(browser, server, state) as page:
        page.goto(f"/publications/runs/{run}/")
        expect(page.get_by_text("Look at the first ones in the shop")).to_be_visible(timeout=60_000)
        now = [peer.products[number]["images"][0]["id"] for number in (3, 4)]
        assert (now[0] != before[0], now[1]) == (True, before[1])
        checked(page)
        page.get_by_role("button", name="They look right: go on").click()
        expect(page.get_by_text("Everything of this run has ended.")).to_be_visible(timeout=60_000)
        assert peer.products[4]["images"][0]["id"] != before[1]
        checked(page)
