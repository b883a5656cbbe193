"""Review in a real browser: by keys, by buttons without scripts, on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.support.browsing import findings, window
from tests.support.finished import in_server
from tests.support.server import Server

pytestmark = pytest.mark.browser

_MAKE = """
a = owner({owner!r})
for _ in range(6):
    job = job_of(
        a,
        Photo("sure.jpg", 0, confidence=0.98, size=(300, 300)),
        Photo("second.jpg", 1, confidence=0.4, reasons=("patchy",), size=(300, 300)),
        Photo("worst.jpg", 2, confidence=0.2, reasons=("cut_off",), size=(300, 300)),
        label="Batch",
    )
    print(job.pk)
"""


@pytest.fixture(scope="module")
def owner(server: Server) -> str:
    return server.organization("Review")["owner"]


@pytest.fixture(scope="module")
def jobs(server: Server, owner: str) -> list[str]:
    return in_server(server, _MAKE.format(owner=owner)).split()


@pytest.fixture
def job(jobs: list[str]) -> str:
    """One that no other test has gone through."""
    return jobs.pop()


def name(page: Page) -> str:
    return page.locator(".review__name").inner_text()


def test_a_batch_by_keys_the_doubtful_first(page: Page, job: str) -> None:
    page.goto(f"/review/?job={job}")
    title = page.locator(".review__name")
    expect(title).to_have_text("worst.jpg")
    expect(page.get_by_text("1 of 3")).to_be_visible()
    expect(page.get_by_text("The photo cuts the product off")).to_be_visible()
    page.keyboard.press("j")
    expect(title).to_have_text("second.jpg")
    page.keyboard.press("k")
    expect(title).to_have_text("worst.jpg")
    page.keyboard.press("ArrowRight")
    expect(title).to_have_text("second.jpg")
    page.keyboard.press("ArrowLeft")
    expect(title).to_have_text("worst.jpg")

    page.keyboard.press("r")
    expect(title).to_have_text("second.jpg")
    expect(page.get_by_text("0 accepted, 1 rejected")).to_be_visible()
    page.keyboard.press("u")
    expect(title).to_have_text("worst.jpg")
    expect(page.get_by_text("0 accepted, 0 rejected")).to_be_visible()
    page.keyboard.press("a")
    expect(title).to_have_text("second.jpg")
    expect(page).to_have_url(re.compile(r"image=.*undo="))
    page.keyboard.press("a")
    expect(title).to_have_text("sure.jpg")
    page.reload()
    expect(title).to_have_text("sure.jpg")
    page.keyboard.press("a")
    expect(page.get_by_role("heading", name="All of this job is reviewed")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(title).to_have_text("sure.jpg")


def test_before_and_after_and_zoom(page: Page, job: str) -> None:
    page.goto(f"/review/?job={job}")
    before, after = page.get_by_alt_text("worst.jpg, before"), page.get_by_alt_text("worst.jpg, after")
    expect(before).to_be_hidden()
    page.keyboard.press("b")
    expect(before).to_be_visible()
    expect(after).to_be_hidden()
    page.keyboard.press("b")
    expect(after).to_be_visible()
    page.get_by_role("radio", name="Both").check(force=True)
    expect(before).to_be_visible()
    expect(after).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_alt_text("second.jpg, before")).to_be_visible()
    page.keyboard.press("z")
    expect(page.get_by_role("dialog", name="Enlarged image")).to_be_visible()
    page.keyboard.press("a")
    expect(page.locator(".review__name")).to_have_text("second.jpg")


def test_mending_opens_the_studio(page: Page, job: str) -> None:
    page.goto(f"/review/?job={job}")
    page.keyboard.press("m")
    page.wait_for_url("**/studio/?photo=*")


def test_without_scripts_by_buttons(browser: Browser, server: Server, state: StorageState, job: str) -> None:
    with window(browser, server, state, scripts=False) as page:
        page.goto(f"/review/?job={job}")
        page.get_by_role("link", name="Next image").click()
        assert name(page) == "second.jpg"
        page.get_by_role("button", name="Reject").click()
        assert name(page) == "sure.jpg"
        page.get_by_role("button", name="Undo").click()
        assert name(page) == "second.jpg"
        page.get_by_role("radio", name="Before").check(force=True)
        expect(page.get_by_alt_text("second.jpg, before")).to_be_visible()


@pytest.mark.parametrize(("width", "height", "dark"), [(1440, 900, False), (390, 844, True)])
def test_one_image_fills_the_screen(
    browser: Browser, server: Server, state: StorageState, job: str, width: int, height: int, dark: bool
) -> None:
    with window(browser, server, state, size=(width, height), dark=dark) as page:
        page.goto(f"/review/?job={job}")
        assert findings(page) == []
        assert page.evaluate("document.documentElement.scrollHeight <= window.innerHeight")
        accept = page.get_by_role("button", name="Accept").bounding_box()
        assert accept is not None
        assert accept["y"] + accept["height"] <= height
        cut_off = "buttons => buttons.filter(each => each.scrollWidth > each.clientWidth).map(each => each.innerText)"
        assert page.locator(".review__actions .button").evaluate_all(cut_off) == []
