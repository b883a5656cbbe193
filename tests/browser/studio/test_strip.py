"""The strip of the Studio in a real browser: previews, keys, what is taken off and what is followed, phones."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, StorageState, expect

from tests.support.browsing import findings, window
from tests.support.server import Server
from tests.support.studio_page import DONE, FRAMES, add, fresh

pytestmark = pytest.mark.browser


def test_a_change_is_previewed_and_the_edge_stays_where_it_is(page: Page, photos: list[Path]) -> None:
    add(page, photos[:1])
    slider = page.get_by_role("slider", name="How much of the image before is shown")
    expect(slider).to_be_visible(timeout=15_000)
    slider.focus()
    for _ in range(20):
        page.keyboard.press("ArrowLeft")
    assert slider.input_value() == "30"
    after = page.locator(".compare__after")
    first = after.get_attribute("src")
    page.get_by_role("radio", name="Drop").check()
    expect(after).not_to_have_attribute("src", first or "", timeout=15_000)
    assert slider.input_value() == "30"
    expect(page.get_by_role("button", name="Back to the preset")).to_be_visible()
    page.get_by_role("textbox", name="Width", exact=True).fill("many")
    expect(page.get_by_text("Width must be a whole number from 1 to 10000.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Width", exact=True)).to_have_attribute("aria-invalid", "true")
    page.reload()
    expect(page.get_by_role("textbox", name="Width", exact=True)).to_have_value("many")
    page.get_by_role("button", name="Back to the preset").click()
    expect(page.get_by_role("textbox", name="Width", exact=True)).to_have_value("2000")
    expect(page.get_by_role("radio", name="Drop")).not_to_be_checked()


def test_the_strip_by_keyboard(page: Page, photos: list[Path]) -> None:
    add(page, photos[:4])
    links = page.locator(".film__link")
    expect(links.nth(0)).to_have_attribute("aria-current", "true")
    links.nth(0).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(links.nth(2)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#stage strong")).to_have_text("cup-02.jpg")
    expect(links.nth(2)).to_have_attribute("aria-current", "true")
    assert "photo=" in page.url
    page.keyboard.press("Space")
    expect(page.get_by_role("checkbox", name="Select cup-02.jpg")).to_be_checked()
    expect(page.get_by_role("button", name="Process 1 photo", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Process 4 photos")).to_be_visible()
    page.keyboard.press("k")
    expect(page.locator("#stage strong")).to_have_text("cup-01.jpg")
    page.reload()
    expect(page.locator("#stage strong")).to_have_text("cup-01.jpg")
    assert page.locator('.film__link:not([tabindex="-1"])').count() == 1


def test_taking_photos_off(page: Page, photos: list[Path]) -> None:
    add(page, photos[:3])
    page.get_by_role("button", name="Take cup-00.jpg off the strip").click()
    expect(page.locator(FRAMES)).to_have_count(2)
    expect(page.locator("#stage strong")).to_have_text("cup-01.jpg")
    page.get_by_role("checkbox", name="Select all photos").check()
    expect(page.get_by_text("2 selected")).to_be_visible()
    page.get_by_role("button", name="Remove").click()
    page.locator("#confirm-dialog [data-confirm-yes]").click()
    expect(page.locator(FRAMES)).to_have_count(0)
    expect(page.get_by_text("Drop product photos here")).to_be_visible()


def test_many_photos_are_followed_by_one_request_a_second(page: Page, photos: list[Path]) -> None:
    add(page, photos)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/studio/strip/" in request.url else None)
    page.get_by_role("button", name="Process 12 photos").click()
    expect(page.get_by_text("of 12 done")).to_be_visible()
    cancel = page.get_by_role("button", name="Cancel", exact=True).first
    cancel.click()
    page.wait_for_timeout(1500)  # the bar was drawn anew meanwhile; the question still has its button
    page.locator("#confirm-dialog [data-confirm-yes]").click()
    expect(page.locator(".studio-run__progress")).to_have_count(0)
    assert len(asked) <= 8
    expect(page.locator(f'{FRAMES}:is([data-state="queued"], [data-state="running"])')).to_have_count(0)


@pytest.mark.parametrize(
    ("size", "dark"), [((1440, 900), False), ((1920, 1080), True), ((820, 1100), True), ((390, 844), False)]
)
@pytest.mark.slow
def test_no_serious_finding_and_nothing_wider_than_the_window(
    server: Server, browser: Browser, state: StorageState, photos: list[Path], size: tuple[int, int], dark: bool
) -> None:
    with window(browser, server, state, size=size, dark=dark) as page:
        fresh(page)
        assert findings(page) == []
        add(page, photos[:5])
        expect(page.get_by_role("slider", name="How much of the image before is shown")).to_be_visible(timeout=15_000)
        for summary in page.locator("#parameters summary").all():
            if summary.locator("xpath=..").get_attribute("open") is None and summary.is_visible():
                summary.click()
        assert findings(page) == []


def test_without_scripts(server: Server, browser: Browser, state: StorageState, photos: list[Path]) -> None:
    with window(browser, server, state) as page:
        fresh(page)
    with window(browser, server, state, scripts=False) as page:
        page.goto("/studio/")
        page.locator("#studio-photos").set_input_files(photos[:2])
        page.get_by_role("button", name="Upload the photos").click()
        expect(page.locator(FRAMES)).to_have_count(2)
        page.locator('[name=shadow][value="contact"]').check()
        page.get_by_role("button", name="Show the preview").click()
        expect(page.locator("#stage .compare__after")).to_be_visible()
        page.get_by_role("button", name="Process 2 photos").click()
        expect(page.get_by_text("of 2 done").or_(page.get_by_text("Download 2 images"))).to_be_visible()


def test_the_strip_is_followed_although_a_preview_comes_in_between(page: Page, photos: list[Path]) -> None:
    """The preview's answer exchanges the button; pressed just before, it must still set the strip going."""
    add(page, photos[:2])
    process = page.get_by_role("button", name="Process 2 photos")
    expect(process).to_be_enabled()
    page.wait_for_load_state("networkidle")  # nothing else is about to ask for the strip
    held: list[Route] = []
    page.route("**/studio/settings/", lambda route: held.append(route))  # a built-in is refused
    page.get_by_role("radio", name="Etsy listing").check()
    page.wait_for_function("() => document.querySelector('#settings').classList.contains('htmx-request')")
    process.click()
    for route in held:
        route.continue_()
    page.unroute("**/studio/settings/")
    expect(page.locator(DONE)).to_have_count(2, timeout=60_000)


def test_the_strip_is_followed_although_the_button_is_gone(page: Page, photos: list[Path]) -> None:
    add(page, photos[:2])
    process = page.get_by_role("button", name="Process 2 photos")
    expect(process).to_be_enabled()
    page.wait_for_load_state("networkidle")  # nothing else is about to ask for the strip
    held: list[Route] = []
    page.route("**/studio/process/", lambda route: held.append(route))
    process.click()
    expect(page.locator("#process-button.htmx-request")).to_have_count(1)
    page.evaluate("() => document.querySelector('#process-button').replaceWith('exchanged meanwhile')")
    held[0].continue_()
    page.unroute("**/studio/process/")
    expect(page.locator(DONE)).to_have_count(2, timeout=60_000)
