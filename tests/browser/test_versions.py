"""Versions in a real browser: two are made, compared, one is made the current one, and the grid shows it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.support.browsing import findings
from tests.support.finished import in_server
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_MAKE = """
a = owner({owner!r})
job_of(a, Photo("cup.jpg", size=(300, 200)), preset="ebay")
job_of(a, Photo("cup.jpg", size=(200, 200)), preset="etsy")
"""


@pytest.fixture(scope="module")
def owner(server: Server) -> str:
    email = server.organization("Versions")["owner"]
    in_server(server, _MAKE.format(owner=email))
    return email


def test_compare_choose_and_revert(page: Page) -> None:
    page.goto("/library/")
    shots = page.locator(".library-shot")
    expect(shots).to_have_count(2)
    page.get_by_role("link", name="cup.jpg", exact=True).first.click()
    expect(page.get_by_text("Etsy warns").first).to_be_visible()
    assert findings(page) == []
    page.get_by_role("link", name="Compare with eBay listing, 300 × 200").click()
    expect(page.get_by_role("heading", name="Compare versions")).to_be_visible()
    expect(page.get_by_role("row", name="Size (differs)")).to_contain_text("300 × 200 px")
    assert findings(page) == []
    page.get_by_label("Left").select_option(label="Original photo")
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_role("img", name="Original photo")).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="Open").first.click()
    page.get_by_role("listitem").filter(has_text="shown above").get_by_role(
        "button", name="Make this the current version"
    ).last.click()
    expect(page.get_by_text("Current version", exact=True)).to_be_visible()
    page.goto("/library/")
    expect(shots).to_have_count(1)
    expect(shots.get_by_text("300 × 200")).to_be_visible()
    shots.get_by_role("link", name="cup.jpg", exact=True).click()
    page.get_by_role("button", name="Show every version in the library").click()
    expect(page.get_by_text("The library shows every version of this photo again.")).to_be_visible()
    page.goto("/library/")
    expect(shots).to_have_count(2)
