"""A recipe in a real browser: built of three steps, run over three images of the library, and without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.support.browsing import findings, window
from tests.support.finished import in_server
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_MAKE = 'job_of(owner({owner!r}), *(Photo(f"cup-{{n}}.jpg", n, size=(120, 120)) for n in range(3)), label="Cups")'


@pytest.fixture(scope="module")
def owner(server: Server) -> str:
    email = server.organization("Recipes")["owner"]
    in_server(server, _MAKE.format(owner=email))
    return email


def add(page: Page, operation: str) -> None:
    page.get_by_label(re.compile("^(First|Then)$")).select_option(operation)
    page.get_by_role("button", name="Add the step").click()


def test_three_steps_over_three_images(browser: Browser, server: Server, state: StorageState) -> None:
    with window(browser, server, state) as page:
        page.goto("/presets/")
        page.get_by_role("link", name="New recipe").click()
        page.get_by_label("Name").fill("For the shop")
        for operation in ("resize", "watermark", "upscale"):
            add(page, operation)
        steps = page.locator(".recipe-step")
        expect(steps).to_have_count(3)
        steps.nth(0).get_by_label("Width", exact=True).fill("60")
        steps.nth(1).get_by_label("Text", exact=True).fill("NW")
        page.get_by_role("button", name="Move up step 3").click()
        expect(steps.nth(1)).to_contain_text("Upscale a picture")
        expect(steps.nth(2).get_by_label("Text", exact=True)).to_have_value("NW")
        expect(page.get_by_role("status").filter(has_text="per image")).to_have_text("4 credits per image")
        assert findings(page) == []
        page.get_by_role("button", name="Save the recipe").last.click()
        expect(page.get_by_role("heading", name="For the shop")).to_be_visible()
        page.goto("/library/")
        for name in ("cup-0.jpg", "cup-1.jpg", "cup-2.jpg"):
            page.get_by_label(f"Select {name}").check()
        page.get_by_role("button", name="Run a recipe…").click()
        expect(page.get_by_label("Recipe or preset")).to_have_value("for-the-shop")
        page.get_by_text("Their original photos").click()
        page.get_by_label("Recipe or preset").select_option("ebay")
        expect(page.get_by_role("button", name="Run over 3 images: 3 credits")).to_be_enabled()
        page.get_by_label("Recipe or preset").select_option("for-the-shop")
        run = page.get_by_role("button", name="Run over 3 images: 12 credits")
        expect(run).to_be_enabled()
        assert findings(page) == []
        run.click()
        expect(page.get_by_text("3 images are being worked on.")).to_be_visible()
        expect(page.get_by_text("Succeeded").first).to_be_visible(timeout=60_000)
        page.goto("/library/?preset=for-the-shop")
        expect(page.locator(".library-shot")).to_have_count(3)


def test_without_scripts_and_on_a_phone(browser: Browser, server: Server, state: StorageState) -> None:
    with window(browser, server, state, size=(390, 844), dark=True, scripts=False, refusals=True) as page:
        page.goto("/presets/recipes/new/")
        page.get_by_label("Name").fill("Plain")
        add(page, "resize")
        add(page, "watermark")
        page.get_by_role("button", name="Move up step 2").click()
        page.get_by_label("Text", exact=True).fill("NW")
        page.get_by_label("Text", exact=True).press("Enter")
        expect(page.get_by_text("Mend this step")).to_have_count(1)
        expect(page.get_by_label("Text", exact=True)).to_have_value("NW")
        page.get_by_label("Width", exact=True).fill("50")
        page.get_by_role("button", name="Save the recipe").last.click()
        expect(page.get_by_role("heading", name="Plain")).to_be_visible()
        page.get_by_role("listitem").filter(has_text="Plain").get_by_role("link", name="Duplicate").click()
        expect(page.get_by_label("Name")).to_have_value("Plain copy")
        expect(page.locator(".recipe-step")).to_have_count(2)
