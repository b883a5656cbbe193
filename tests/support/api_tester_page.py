"""The page of the API tester in a browser."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


def open_at(page: Page, call: str, key: str = "") -> None:
    page.goto(f"/api-tester/?call={call}")
    if key:
        page.get_by_label("API key", exact=True).fill(key)


def field(page: Page, name: str, place: str = "body") -> Locator:
    return page.locator(f'[data-field="{place}.{name}"]')


def fill(page: Page, name: str, value: str, place: str = "body") -> None:
    box = field(page, name, place)
    shut = page.locator("details:not([open])", has=box)
    if shut.count():
        shut.locator("summary").click()
    box.locator("[data-value]").fill(value)


def send(page: Page, status: str) -> None:
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#answer-status")).to_have_text(status)


def code(page: Page, language: str) -> str:
    page.get_by_role("radio", name=language, exact=True).check()
    return page.locator("#tester-code").text_content() or ""


def show_key(page: Page) -> None:
    page.get_by_label("Put my key into the code").check()
