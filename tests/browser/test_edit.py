"""The edit page in a real browser: a slider is dragged, the picture follows, the new version is saved."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.support.browsing import findings, sign_in, window
from tests.support.finished import in_server
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_MAKE = """
job = job_of(owner({owner!r}), Photo("A long name, of a cup on a saucer, morning light.jpg", 3, size=(360, 300)))
print("id:", job.images.get().pk)
"""


@pytest.fixture(scope="module")
def made(server: Server, browser: Browser) -> tuple[StorageState, str]:
    email = server.organization("Edit")["owner"]
    found = re.search(r"id: (\S+)", in_server(server, _MAKE.format(owner=email)))
    assert found is not None
    return sign_in(browser, server, email), f"/library/{found[1]}/edit/"


@pytest.fixture
def page(browser: Browser, server: Server, made: tuple[StorageState, str]) -> Iterator[Page]:
    with window(browser, server, made[0]) as opened:
        yield opened


def shown(page: Page) -> str:
    """The address of the picture after; empty until the first preview is there."""
    after = page.locator("#preview .compare__after")
    return after.get_attribute("src") or "" if after.count() else ""


def test_a_slider_is_dragged_and_the_new_version_saved(page: Page, made: tuple[StorageState, str]) -> None:
    page.goto(made[1] + "relight_shadow/")
    after = page.locator("#preview .compare__after")
    expect(after).to_be_visible(timeout=30_000)
    first = shown(page)
    number = page.get_by_role("textbox", name="Elevation")
    slider = page.get_by_role("slider", name="Elevation, slider")
    box = slider.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2, steps=6)
    page.mouse.up()
    expect(number).not_to_have_value("50")
    expect(after).not_to_have_attribute("src", first, timeout=30_000)
    bright = number.input_value()
    slider.dblclick()
    expect(number).to_have_value("50")
    number.fill(bright)
    page.get_by_role("textbox", name="Softness").fill("7")
    expect(page.get_by_text("Softness must be a number from 0")).to_be_visible()
    page.get_by_role("textbox", name="Softness").fill("0.2")
    expect(page.get_by_text("Softness must be a number from 0")).to_be_hidden()
    page.get_by_role("button", name="Relight: 1 credit").click()
    expect(page.get_by_text("Saved as a new version")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("textbox", name="Elevation")).to_have_value(bright)
    page.get_by_role("link", name="Open the new version").click()
    expect(page.get_by_role("slider", name="How much of the image before is shown")).to_be_visible()


def test_the_dial_the_reset_and_a_picture_of_a_style(page: Page, made: tuple[StorageState, str]) -> None:
    page.goto(made[1] + "relight_shadow/")
    direction = page.get_by_role("textbox", name="Direction", exact=True)
    dial = page.locator("[data-dial]")
    dial.click(position={"x": 38, "y": 20})
    expect(direction).to_have_value(re.compile(r"^(8\d|9\d|10\d)$"))
    page.get_by_role("button", name="Reset").click()
    expect(direction).to_have_value("315")
    page.goto(made[1] + "generate_background/")
    expect(page.locator("#preview .compare__after")).to_be_visible(timeout=30_000)
    first = shown(page)
    page.get_by_role("radio", name="Oak boards").check()
    expect(page.locator("#preview .compare__after")).not_to_have_attribute("src", first, timeout=30_000)
    seed = page.get_by_role("textbox", name="Seed")
    page.get_by_role("button", name="Another one").click()
    expect(seed).not_to_have_value("0")


def test_without_scripts(browser: Browser, server: Server, made: tuple[StorageState, str]) -> None:
    with window(browser, server, made[0], scripts=False) as page:
        page.goto(made[1])
        page.get_by_role("link", name="Upscale").click()
        page.get_by_role("button", name="Upscale: 2 credits").click()
        expect(
            page.get_by_role("link", name="Look again").or_(page.get_by_text("Saved as a new version"))
        ).to_be_visible()
        for _ in range(100):
            if page.get_by_text("Saved as a new version").count():
                break
            page.reload()
        expect(page.get_by_role("link", name="Open the new version")).to_be_visible()


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_no_serious_finding(
    browser: Browser, server: Server, made: tuple[StorageState, str], width: int, dark: bool
) -> None:
    with window(browser, server, made[0], size=(width, 900), dark=dark, refusals=True) as page:
        for part in ("", "upscale/", "generate_background/", "relight_shadow/", "watermark/"):
            page.goto(made[1] + part)
            assert findings(page) == [], part
        page.get_by_role("button", name="Watermark: 1 credit").click()
        expect(page.get_by_text("Nothing was made yet.")).to_be_visible()
        assert findings(page) == []
