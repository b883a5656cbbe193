"""The catalog in a real browser: its list, a product, and matching by name, also with a phone's width in the dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, StorageState, expect

from tests.support.browsing import findings, window
from tests.support.finished import in_server
from tests.support.server import Server

pytestmark = pytest.mark.browser

_MAKE = """
from integrations.models.connection import sealed
from tests.support.catalog import NINE, product, stocked, variant
a = owner({owner!r})
row = stocked(
    a, product(1, "MUG-1", title="Blue mug", images=NINE[:2]), product(2, "CUP", title="Cup one"),
    product(3, "cup", title="Cup two"),
    product(4, "SHIRT", variant(40, "SHIRT-S"), variant(41, "SHIRT-M"), title="Shirt"),
)
row.credentials = sealed(dict(consumer_key="ck_x", consumer_secret="cs_x", wp_user="m", wp_password="x x"))
row.save(update_fields=["credentials"])
names = ("MUG-1.jpg", "MUG-1_2.jpg", "shirt-s.jpg", "cup.jpg", "IMG_1.jpg")
job_of(a, *(Photo(name, n) for n, name in enumerate(names)), label="Spring")
"""


@pytest.fixture(scope="module")
def owner(server: Server) -> str:
    email = server.organization("Catalog")["owner"]
    in_server(server, _MAKE.format(owner=email))
    return email


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_from_the_list_to_what_is_matched(
    browser: Browser, server: Server, state: StorageState, width: int, dark: bool
) -> None:
    with window(browser, server, state, size=(width, 900), dark=dark) as page:
        page.goto("/catalog/")
        assert findings(page) == []
        if width > 720:
            page.get_by_role("link", name="Product", exact=True).click()
            heading = page.get_by_role("columnheader", name="Product")
            expect(heading).to_have_attribute("aria-sort", "ascending")
        else:
            page.get_by_role("combobox", name="Sorted by").select_option("title")
        expect(page.locator(".row-link").first).to_have_text("Blue mug")
        page.get_by_role("button", name="Check the images of all shown").click()
        expect(page.get_by_text("are checked now")).to_be_visible()
        expect(page.locator(".row-link").first).to_have_text("Blue mug")
        assert findings(page) == []
        page.get_by_role("searchbox").fill("shirt")
        expect(page.get_by_text("Showing 1-1 of 1")).to_be_visible()
        page.get_by_role("link", name="Shirt").click()
        expect(page.get_by_role("heading", name="Variants")).to_be_visible()
        assert findings(page) == []
        page.goto("/catalog/match/")
        names = page.get_by_role("textbox", name="File names, or a table")
        expect(names).to_be_hidden()
        page.get_by_role("radio", name="Names or a table").check()
        expect(names).to_be_visible()
        page.get_by_role("radio", name="Images with a label").check()
        expect(names).to_be_hidden()
        assert findings(page) == []
        page.get_by_role("button", name="Match").click()
        publish = page.get_by_role("button", name="Publish 3 images")
        expect(publish).to_be_visible()
        assert findings(page) == []
        page.get_by_role("checkbox", name="Publish MUG-1_2.jpg").uncheck()
        page.get_by_role("combobox", name="Product and place for cup.jpg").select_option(
            label="Cup two (cup): Main image"
        )
        expect(publish).to_be_visible()
        page.get_by_role("checkbox", name="Publish MUG-1.jpg").uncheck()
        expect(page.get_by_role("button", name="Publish 2 images")).to_be_visible()
        page.get_by_role("textbox", name="Name to match IMG_1.jpg by").fill("mug-1_3")
        page.get_by_role("button", name="Match again").click()
        expect(page.get_by_role("checkbox", name="Publish IMG_1.jpg")).to_be_checked()
