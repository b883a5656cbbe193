"""Usage and credits in a real browser: filters without a new page, without scripts, in both themes and widths."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, StorageState, expect

from tests.support.browsing import findings, window
from tests.support.finished import in_server
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_MAKE = """
from accounts.models import ApiKey
from tests.support.usage_data import fill
a = owner({owner!r})
fill(a, [key.pk for key in ApiKey.objects.of(a)], days=60)
job_of(a, Photo("a.jpg"), Photo("b.jpg", 1, ended="failed"), label="Autumn")
"""


@pytest.fixture(scope="module")
def owner(server: Server) -> str:
    owner = server.organization("Usage")["owner"]
    in_server(server, _MAKE.format(owner=owner))
    return owner


def test_filters_without_a_new_page(browser: Browser, server: Server, state: StorageState) -> None:
    with window(browser, server, state) as page:
        page.goto("/usage/")
        page.evaluate("document.body.dataset.same = 'yes'")
        expect(page.get_by_role("img", name="Calls a day")).to_be_visible()
        expect(page.get_by_label("From", exact=True)).to_be_hidden()
        page.get_by_role("radio", name="7 days").check(force=True)
        page.wait_for_url("**/usage/?period=7*")
        expect(page.locator(".chart__day")).to_have_count(3 * 7)
        page.get_by_label("Endpoint", exact=True).select_option("POST /api/v1/jobs")
        page.wait_for_url("**/usage/?*endpoint=POST*")
        expect(page.get_by_label("Endpoint", exact=True).locator("option")).not_to_have_count(2)
        expect(page.locator("section:has(#endpoints) tbody tr")).to_have_count(1)
        assert page.evaluate("document.body.dataset.same") == "yes"
        page.get_by_role("radio", name="Custom").check(force=True)
        expect(page.get_by_label("From", exact=True)).to_be_visible()
        page.get_by_label("From", exact=True).fill("2020-02-02")
        expect(page.get_by_role("alert")).to_contain_text("at most 366 days")
        page.goto("/usage/")
        page.get_by_text("The charts as a table").click()
        page.locator(".usage-days tbody tr").nth(2).click()
        page.wait_for_url("**/usage/?*day=*")
        expect(page.locator(".chart__day")).to_have_count(3)
        page.get_by_title("Show all again").click()
        expect(page.locator(".chart__day")).to_have_count(90)


def test_without_scripts(browser: Browser, server: Server, state: StorageState) -> None:
    with window(browser, server, state, scripts=False) as page:
        page.goto("/usage/")
        page.get_by_label("Label", exact=True).select_option("Autumn")
        page.get_by_role("button", name="Show").click()
        expect(page.locator(".usage-chip")).to_have_text("Autumn")
        with page.expect_download() as started:
            page.get_by_role("link", name="CSV").click()
        assert started.value.suggested_filename.endswith(".csv")
        page.get_by_role("navigation", name="Usage and credits").get_by_role("link", name="Credits").click()
        page.get_by_role("radio", name="Charged").check(force=True)
        page.get_by_role("button", name="Show").click()
        expect(page.get_by_text("Showing 1-1 of 1")).to_be_visible()
        page.get_by_role("link", name="Autumn").click()
        page.wait_for_url("**/jobs/*/")


@pytest.mark.parametrize(("width", "dark"), [(1440, True), (390, False)])
def test_no_serious_finding(browser: Browser, server: Server, state: StorageState, width: int, dark: bool) -> None:
    with window(browser, server, state, size=(width, 900), dark=dark) as page:
        for address in ("/usage/", "/usage/?period=90&sort=p50&label=Autumn", "/credits/"):
            page.goto(address)
            assert findings(page) == [], address
