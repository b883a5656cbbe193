"""The library in a real browser: the grid, choosing, downloading, deleting, enlarging; and without scripts."""

from __future__ import annotations

import re
import zipfile

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.support.browsing import findings, window
from tests.support.finished import in_server
from tests.support.server import Server

pytestmark = pytest.mark.browser

COUNT = 64
_MAKE = """
a = owner({owner!r})
sizes = [(200, 200), (300, 200), (160, 240), (240, 240)]
job_of(a, *(Photo(f"photo-{{n:02d}}.jpg", n % 8, size=sizes[n % 4]) for n in range({count} - 4)), label="Autumn")
job_of(a, *(Photo(f"cup-{{n}}.jpg", 50 + n, size=(200, 200)) for n in range(4)), preset="ebay", label="Cups")
"""


@pytest.fixture(scope="module")
def owner(server: Server) -> str:
    email = server.organization("Library")["owner"]
    in_server(server, _MAKE.format(owner=email, count=COUNT))
    return email


def test_every_row_has_one_height_and_nothing_moves_when_pictures_come(page: Page) -> None:
    boxes = """() => [...document.querySelectorAll(".library-shot .thumb")].map(e => {
        const b = e.getBoundingClientRect(); return [Math.round(b.top), b.height, b.right]; })"""
    page.route("**/*.webp", lambda route: route.fulfill(body=b"", content_type="image/webp"))
    page.goto("/library/")
    before = page.evaluate(boxes)
    page.unroute("**/*.webp")
    page.goto("/library/")
    page.wait_for_load_state("networkidle")
    after = page.evaluate(boxes)
    assert before == after
    rows: dict[int, list[list[float]]] = {}
    for box in after:
        rows.setdefault(box[0], []).append(box)
    assert len(rows) > 5
    edge = page.locator(".library-grid").evaluate("e => e.getBoundingClientRect().right")
    for row in list(rows.values())[:-1]:
        assert max(box[1] for box in row) - min(box[1] for box in row) < 1
        assert abs(max(box[2] for box in row) - edge) < 1


def test_choosing_by_click_by_range_and_by_picture(page: Page) -> None:
    page.goto("/library/")
    shots = page.locator(".library-shot")
    shots.nth(1).hover()
    shots.nth(1).get_by_role("checkbox").check()
    bar = page.get_by_role("region", name="Selected images")
    expect(bar.get_by_text("1 image", exact=True)).to_be_visible()
    shots.nth(4).get_by_role("checkbox").click(modifiers=["Shift"])
    expect(bar.get_by_text("4 images", exact=True)).to_be_visible()
    shots.nth(6).locator(".shot__link").click()
    expect(bar.get_by_text("5 images", exact=True)).to_be_visible()
    expect(page.get_by_role("dialog", name="Enlarged image")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()


def test_chosen_images_come_as_a_zip(page: Page) -> None:
    page.goto("/library/?label=Cups")
    shots = page.locator(".library-shot")
    expect(shots).to_have_count(4)
    for number in range(3):
        shots.nth(number).get_by_role("checkbox").check()
    page.get_by_role("button", name="Download under other names").click()
    dialog = page.get_by_role("dialog", name="Download 3 images")
    names = dialog.get_by_label("File names")
    names.fill("{colour}")
    dialog.get_by_role("button", name="Download ZIP").click()
    assert names.evaluate("e => e.validity.patternMismatch")
    names.fill("{preset}-{n}")
    with page.expect_download() as started:
        dialog.get_by_role("button", name="Download ZIP").click()
    with zipfile.ZipFile(started.value.path()) as archive:
        assert archive.namelist() == ["ebay-1.jpg", "ebay-2.jpg", "ebay-3.jpg"]
    expect(dialog).to_be_hidden()


def test_searching_while_typing_keeps_an_address(page: Page) -> None:
    page.goto("/library/")
    page.keyboard.press("/")
    page.keyboard.type("cup-1")
    expect(page.locator(".library-shot")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"q=cup-1"))
    page.get_by_label("Review", exact=True).select_option("Rejected")
    expect(page.get_by_text("No image matches")).to_be_visible()
    page.reload()
    expect(page.get_by_role("searchbox")).to_have_value("cup-1")


def test_more_are_loaded_below(page: Page) -> None:
    page.goto("/library/")
    expect(page.get_by_text(f"Showing 1-45 of {COUNT}")).to_be_visible()
    page.get_by_role("link", name="Load more").click()
    expect(page.locator(".library-shot")).to_have_count(COUNT)
    expect(page.get_by_text(f"Showing 1-{COUNT} of {COUNT}")).to_be_visible()
    expect(page.get_by_role("link", name="Load more")).to_be_hidden()


def test_enlarging_and_going_on_by_arrow(page: Page) -> None:
    page.goto("/library/?label=Cups")
    links = page.locator(".library-shot .shot__link")
    names = [links.nth(number).get_attribute("data-zoom") for number in range(2)]
    links.first.click()
    shown = page.get_by_role("dialog", name="Enlarged image").get_by_role("img")
    expect(shown).to_have_attribute("alt", str(names[0]))
    page.keyboard.press("ArrowRight")
    expect(shown).to_have_attribute("alt", str(names[1]))
    page.keyboard.press("Escape")
    expect(shown).to_be_hidden()


def test_a_label_and_deleting_through_their_dialogs(page: Page) -> None:
    page.goto("/library/?q=cup-0")
    page.get_by_role("checkbox", name="Select cup-0.jpg").check()
    page.get_by_role("button", name="Label…").click()
    label = page.get_by_role("dialog").get_by_label("Label")
    expect(label).to_have_value("Cups")
    expect(label).to_be_focused()
    label.fill("Gone soon")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 image is labeled “Gone soon”.")).to_be_visible()
    expect(page).to_have_url(re.compile(r"q=cup-0"))
    page.get_by_role("checkbox", name="Select cup-0.jpg").check()
    page.get_by_role("button", name="Delete…").click()
    dialog = page.get_by_role("dialog", name="Delete “cup-0.jpg”?")
    dialog.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("link", name="cup-0.jpg", exact=True)).to_be_visible()
    page.get_by_role("button", name="Delete…").click()
    dialog.get_by_role("button", name="Delete the image").click()
    expect(page.get_by_text("1 image is deleted.")).to_be_visible()
    expect(page.get_by_text("No image matches")).to_be_visible()


def test_without_scripts(browser: Browser, server: Server, state: StorageState) -> None:
    with window(browser, server, state, scripts=False) as page:
        page.goto("/library/")
        page.get_by_label("Search images by name").fill("cup-3")
        page.get_by_role("button", name="Filter").click()
        page.get_by_role("checkbox", name="Select cup-3.jpg").check()
        page.get_by_role("button", name="Delete…").click()
        expect(page.get_by_role("heading", name="Delete “cup-3.jpg”?")).to_be_visible()
        page.get_by_role("link", name="Cancel").click()
        page.get_by_role("link", name="cup-3.jpg", exact=True).click()
        page.get_by_label("Label").fill("By hand")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_label("Label")).to_have_value("By hand")


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
@pytest.mark.slow
def test_no_serious_finding(browser: Browser, server: Server, state: StorageState, width: int, dark: bool) -> None:
    with window(browser, server, state, size=(width, 900), dark=dark) as page:
        page.goto("/library/")
        assert findings(page) == []
        page.locator(".library-shot").nth(1).get_by_role("checkbox").check()
        page.get_by_role("button", name="Delete…").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        page.wait_for_timeout(300)
        assert findings(page) == []
        page.get_by_role("button", name="Cancel").click()
        page.locator(".library-shot .shot__name").first.click()
        expect(page.get_by_role("slider")).to_be_visible()
        assert findings(page) == []
