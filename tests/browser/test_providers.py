"""Face-swap accounts in a real browser: add one, see it masked, pause it, remove it; on a phone too."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browsing import findings, sign_in, window
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_an_account_from_first_to_last(server: Server, browser: Browser) -> None:
    state = sign_in(browser, server, server.organization("Swaps")["owner"])
    with window(browser, server, state, refusals=True) as page:
        page.goto("/providers/")
        expect(page.get_by_role("heading", name="No accounts yet")).to_be_visible()
        assert findings(page) == []
        page.get_by_role("button", name="Add an account").click()
        dialog = page.get_by_role("dialog", name="Add an account")
        dialog.get_by_label("Channel").fill("1128550062683865178")
        dialog.get_by_label("Discord token").fill("MTI3NDU2Nzg5MDEyMzQ1Njc4.GaBcDe.0123456789")
        dialog.get_by_role("button", name="Keep the account").click()
        expect(page.get_by_text("Name the server.")).to_be_visible()
        assert findings(page) == []
        dialog.get_by_label("Server").fill("long " * 39)
        dialog.get_by_label("Discord token").fill("MTI3NDU2Nzg5MDEyMzQ1Njc4.GaBcDe.0123456789")
        dialog.get_by_role("button", name="Keep the account").click()
        expect(page.get_by_text("MTI…secured…789")).to_be_visible()
        assert findings(page) == []
        page.get_by_role("button", name="Pause 1128550062683865178").click()
        expect(page.get_by_text("Paused", exact=True)).to_be_visible()
    with window(browser, server, state, size=(390, 844), dark=True) as page:
        page.goto("/providers/")
        assert findings(page) == []
        page.get_by_role("button", name="Remove 1128550062683865178").click()
        page.get_by_role("dialog").get_by_role("button", name="Remove the account").click()
        expect(page.get_by_role("heading", name="No accounts yet")).to_be_visible()
