"""The shell around every page in a real browser: menus, theme, shortcuts, phones, contrast and names."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.support.browsing import findings, sign_in
from tests.support.server import Server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def signed_in(server: Server, browser: Browser) -> StorageState:
    return sign_in(browser, server, server.organization("Shell")["owner"])


@pytest.fixture
def page(browser: Browser, server: Server, signed_in: StorageState) -> Iterator[Page]:
    """A signed-in window of 1440 × 900; the test fails when the page's console complained."""
    context = browser.new_context(
        base_url=server.base, viewport={"width": 1440, "height": 900}, storage_state=signed_in
    )
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto("/accounts/email/")
    yield opened
    context.close()
    assert complaints == []


def test_the_account_menu_by_keyboard(page: Page) -> None:
    button = page.get_by_role("button", name="Your account")
    button.press("Enter")
    expect(page.get_by_role("link", name="E-mail address")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Password")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Password")).to_be_hidden()
    expect(button).to_be_focused()


def test_a_chosen_theme_is_there_from_the_first_byte(page: Page) -> None:
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("button", name="Dark").click()
    answer = page.request.get("/accounts/email/")
    assert '<html lang="en" data-theme="dark">' in answer.text()
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).colorScheme") == "dark"
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("button", name="System theme").click()
    assert '<html lang="en">' in page.request.get("/accounts/email/").text()


def test_shortcuts_are_listed_and_work_but_not_while_typing(page: Page) -> None:
    page.keyboard.press("?")
    listed = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(listed.get_by_text("Go to Presets")).to_be_visible()
    page.keyboard.press("Escape")
    field = page.get_by_label("New address")
    field.focus()
    page.keyboard.type("gp?")
    expect(field).to_have_value("gp?")
    expect(listed).to_be_hidden()
    field.blur()
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.wait_for_url("**/presets/")


def test_on_a_phone_the_bar_at_the_bottom_leads_everywhere(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.get_by_role("navigation", name="Main", exact=True)).to_be_hidden()
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("navigation", name="All pages").get_by_role("link", name="Presets").click()
    page.wait_for_url("**/presets/")


def test_the_edge_between_before_and_after_follows_pointer_and_keys(browser: Browser, server: Server) -> None:
    page = browser.new_page()
    page.goto(server.base)
    edge = page.get_by_role("slider", name="How much of the image before is shown")
    box = edge.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + 40)
    page.mouse.up()
    expect(edge).to_have_value("25")
    page.keyboard.press("ArrowRight")
    expect(edge).to_have_value("26")
    assert page.locator("[data-compare]").evaluate("e => e.style.getPropertyValue('--at')") == "26%"
    page.context.close()


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
@pytest.mark.slow
def test_no_serious_finding_and_nothing_wider_than_the_window(
    browser: Browser, server: Server, signed_in: StorageState, width: int, theme: str
) -> None:
    found = []
    for state, paths in ((None, ("/", "/accounts/login/", "/accounts/signup/")), (signed_in, ("/accounts/email/",))):
        context = browser.new_context(
            base_url=server.base,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if theme == "dark" else "light",
            storage_state=state,
        )
        page = context.new_page()
        for path in paths:
            page.goto(path)
            found += [(path, *finding) for finding in findings(page)]
        context.close()
    assert found == []
