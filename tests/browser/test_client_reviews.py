"""A client outside, in a real browser: the link from the library, answers on a phone, and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, StorageState, expect

from tests.support.browsing import findings, sign_in, window
from tests.support.finished import in_server
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NOBODY: StorageState = {"cookies": [], "origins": []}
_MAKE = 'job_of(owner({owner!r}), Photo("cup.jpg"), Photo("vase.jpg", 1), Photo("lamp.jpg", 2))'


def test_a_client_answers_by_a_link_from_the_library(server: Server, browser: Browser) -> None:
    email = server.organization("Clients")["owner"]
    in_server(server, _MAKE.format(owner=email))
    state = sign_in(browser, server, email)
    with window(browser, server, state) as page:
        page.goto("/library/")
        for name in ("cup.jpg", "vase.jpg"):
            page.get_by_role("checkbox", name=f"Select {name}").check()
        page.get_by_role("button", name="Ask for review…").click()
        page.get_by_label("Title").fill("Autumn")
        page.get_by_role("button", name="Make the link").click()
        link = page.locator("#review-link-value").inner_text()
        assert findings(page) == []
        inside = page.url.replace("/new/", "/")
    with window(browser, server, NOBODY, size=(390, 844)) as page:
        page.goto(link)
        expect(page.get_by_role("heading", name="Autumn")).to_be_visible()
        page.get_by_label("Your name").fill("Ann")
        page.get_by_label("A word about vase.jpg").fill("Too dark")
        page.get_by_role("button", name="Refuse vase.jpg").click()
        expect(page.get_by_text("1 of 2 answered")).to_be_visible()
        expect(page.get_by_text("Refused by Ann")).to_be_visible()
        assert findings(page) == []
        page.get_by_role("link", name="Grid").click()
        expect(page.get_by_text("No answer yet")).to_have_count(1)
        assert findings(page) == []
    with window(browser, server, NOBODY, scripts=False) as page:
        page.goto(link)
        page.get_by_role("button", name="Approve cup.jpg").click()
        expect(page.get_by_text("2 of 2 answered")).to_be_visible()
        page.get_by_role("button", name="Done").click()
        expect(page.get_by_text("Whoever asked you has been told")).to_be_visible()
    with window(browser, server, state) as page:
        page.goto(inside)
        page.get_by_role("link", name="Autumn").click()
        expect(page.get_by_text("Too dark")).to_be_visible()
        expect(page.get_by_text("1 approved, 1 refused, 0 without an answer")).to_be_visible()
        assert findings(page) == []
