"""Refine the cut in a real browser: the hole of a handle is opened by a click; by keys; on a phone; without scripts."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, StorageState, expect

from tests.support.browsing import findings, window
from tests.support.finished import in_server
from tests.support.pictures.mug import IN_HANDLE, ON_BACKDROP, ON_BODY
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_MAKE = """
from processing.actions.assets import save_upload
from processing.actions.submit import Request, submit
from processing.actions.wait import wait_for
from tests.support.pictures.mug import mug_before_a_cloth

a = owner({owner!r})
asset = save_upload(a, data=mug_before_a_cloth(), name="mug.png")
job = submit(a, Request(sources=[asset], parameters={{"format": "png", "background": "transparent"}}))
assert wait_for(job.pk, seconds=120)
"""


@pytest.fixture(scope="module")
def owner(server: Server) -> str:
    email = server.organization("Cuts")["owner"]
    in_server(server, _MAKE.format(owner=email))
    return email


def open_cut(page: Page) -> None:
    """The page of the first image that was made, with its first mask shown."""
    page.goto("/library/")
    page.locator(".library-shot .shot__name").last.click()
    page.get_by_role("button", name="Edit").click()
    page.get_by_role("link", name="Refine the cut").click()
    expect(page.get_by_role("heading", name="Refine the cut")).to_be_visible()
    settled(page)


def settled(page: Page) -> None:
    expect(page.locator("#cut-state[aria-busy]")).to_have_count(0, timeout=30_000)
    expect(page.locator("#cut-state [data-mask]")).to_have_count(1)


def point(page: Page, at: tuple[int, int]) -> None:
    box = page.locator("#cut-surface").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + at[0] / 240 * box["width"], box["y"] + at[1] / 200 * box["height"])


def shaded(page: Page, at: tuple[int, int]) -> bool:
    """Whether that place is shown as cut away: transparent in the cut-out."""
    page.locator("[name=view][value=cut]").check()
    alpha = page.locator("#cut-picture").evaluate(
        """(canvas, [x, y]) => {
            const one = new OffscreenCanvas(1, 1).getContext("2d");
            one.drawImage(canvas, x / 240 * canvas.width, y / 200 * canvas.height, 1, 1, 0, 0, 1, 1);
            return one.getImageData(0, 0, 1, 1).data[3];
        }""",
        list(at),
    )
    page.locator("[name=view][value=overlay]").check()
    return int(alpha) < 128


def pixel(page: Page, image: Locator, at: tuple[int, int]) -> int:
    """Alpha of the whole picture that is shown, at a place of the photo."""
    address = image.get_attribute("src")
    picture = Image.open(io.BytesIO(page.request.get(str(address)).body())).convert("RGBA")
    found = picture.getpixel(at)
    assert isinstance(found, tuple)
    return int(found[3])


def test_a_click_in_the_hole_becomes_a_new_version_with_the_hole(page: Page) -> None:
    open_cut(page)
    assert not shaded(page, IN_HANDLE)
    assert page.get_by_role("button", name="Save as a new version").is_disabled()
    page.keyboard.press("r")
    point(page, IN_HANDLE)
    expect(page.get_by_text("1 mark", exact=True)).to_be_visible()
    settled(page)
    assert shaded(page, IN_HANDLE)
    assert not shaded(page, ON_BODY)
    page.get_by_role("button", name="Save as a new version").click()
    expect(page.get_by_text("This is the new version")).to_be_visible(timeout=30_000)
    assert pixel(page, page.locator(".compare__after"), IN_HANDLE) == 0
    assert pixel(page, page.locator(".compare__after"), ON_BODY) == 255
    expect(page.locator(".versions__below .version")).to_have_count(2)


def test_undo_redo_reset_and_the_brush(page: Page) -> None:
    open_cut(page)
    undo, redo = page.get_by_role("button", name="Undo"), page.get_by_role("button", name="Redo")
    point(page, IN_HANDLE)
    settled(page)
    page.keyboard.press("Control+z")
    expect(page.get_by_text("No marks yet")).to_be_visible()
    settled(page)
    assert not shaded(page, IN_HANDLE)
    assert undo.is_disabled()
    redo.click()
    settled(page)
    assert shaded(page, IN_HANDLE)
    page.keyboard.press("k")
    page.keyboard.press("b")
    expect(page.get_by_role("slider", name="Brush size")).to_be_visible()
    point(page, ON_BACKDROP)
    expect(page.get_by_text("2 marks")).to_be_visible()
    settled(page)
    assert not shaded(page, ON_BACKDROP)
    page.get_by_role("button", name="Reset").click()
    settled(page)
    assert shaded(page, ON_BACKDROP)
    assert not shaded(page, IN_HANDLE)


def test_by_keys_alone_and_enlarged(page: Page) -> None:
    open_cut(page)
    page.get_by_text("2×", exact=True).click()
    surface = page.locator("#cut-surface")
    surface.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 mark", exact=True)).to_be_visible()
    settled(page)
    marks = page.locator("#cut-marks").input_value()
    found = re.search(r'"points":\[\[([\d.]+),([\d.]+)\]\]', marks)
    assert found is not None
    assert float(found[1]) > 120
    assert float(found[2]) == 100


def test_without_scripts_clicks_are_typed(browser: Browser, server: Server, state: StorageState) -> None:
    with window(browser, server, state, scripts=False, refusals=True) as page:
        page.goto("/library/")
        page.locator(".library-shot .shot__name").last.click()
        page.get_by_role("button", name="Edit").click()
        page.get_by_role("link", name="Refine the cut").click()
        page.get_by_label("Clicks, one a line").fill("remove 194")
        page.get_by_role("button", name="Save as a new version").click()
        expect(page.get_by_text("is no click")).to_be_visible()
        expect(page.get_by_label("Clicks, one a line")).to_have_value("remove 194")
        page.get_by_label("Clicks, one a line").fill("remove {} {}".format(*IN_HANDLE))
        page.get_by_role("button", name="Save as a new version").click()
        expect(page.get_by_role("heading", name="mug.png")).to_be_visible(timeout=30_000)


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_no_serious_finding(browser: Browser, server: Server, state: StorageState, width: int, dark: bool) -> None:
    with window(browser, server, state, size=(width, 844), dark=dark) as page:
        open_cut(page)
        assert findings(page) == []
        page.locator("[name=way][value=brush]").check()
        point(page, ON_BODY)
        settled(page)
        assert findings(page) == []
