"""Passkeys in a real browser, with the virtual authenticator that Chromium has for this."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browsing import findings
from tests.support.server import PASSWORD, Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    # A number is no name that a passkey could belong to.
    page = browser.new_page(base_url=f"http://localhost:{server.port}")
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    device = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    device |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    yield page
    page.context.close()


def type_password(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()


def test_a_passkey_is_made_signs_in_alone_and_is_the_second_step_of_a_password(page: Page, server: Server) -> None:
    email = server.organization("Passkeys")["owner"]
    type_password(page, email)
    expect(page.get_by_role("navigation", name="Main", exact=True)).to_be_visible()
    page.goto("/settings/security/")
    assert findings(page) == []
    page.get_by_role("link", name="Add a passkey").click()
    assert findings(page) == []
    page.get_by_label("Name").fill("Work laptop")
    page.get_by_role("button", name="Create the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert findings(page) == []
    page.get_by_role("link", name="I have saved them").click()
    expect(page.get_by_text("Work laptop")).to_be_visible()

    sign_out(page)
    page.goto("/accounts/login/?next=/jobs/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Jobs", level=1)).to_be_visible()

    sign_out(page)
    type_password(page, email)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    assert findings(page) == []
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("navigation", name="Main", exact=True)).to_be_visible()

    page.goto("/accounts/2fa/webauthn/reauthenticate/?next=/settings/security/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Two-factor authentication")).to_be_visible()
    page.get_by_role("link", name="Remove Work laptop").click()
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.get_by_text("Work laptop")).not_to_be_visible()


def test_a_bare_number_says_where_passkeys_work(browser: Browser, server: Server) -> None:
    page = browser.new_page(base_url=server.base)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("No passkeys at this address")).to_be_visible()
    expect(page.get_by_role("button", name="Use a passkey")).to_be_enabled()
    page.context.close()
