"""Compliance in a real browser: an image is dropped, fails, is fixed, passes; every page stands axe and a phone."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.support.browsing import findings
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def owner(server: Server) -> str:
    return server.organization("Compliance")["owner"]


@pytest.fixture(scope="module")
def cup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    image = Image.new("RGB", (1100, 900), "#d8dde2")
    ImageDraw.Draw(image).ellipse((350, 250, 750, 650), fill="#6a3524")
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=95)
    file = tmp_path_factory.mktemp("cup") / "a cup on a table.jpg"
    file.write_bytes(buffer.getvalue())
    return file


def stands(page: Page) -> None:
    """No serious finding, and nothing sticks out of a phone."""
    assert findings(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert findings(page) == []
    page.set_viewport_size({"width": 1440, "height": 900})


def test_from_the_drop_to_a_version_that_passes(page: Page, cup: Path) -> None:
    page.goto("/compliance/")
    expect(page.get_by_text("No checks yet")).to_be_visible()
    stands(page)
    page.locator("#compliance-image").set_input_files(cup)  # sent at once
    expect(page.get_by_text(re.compile(r"Fails \d of 18 rules"))).to_be_visible(timeout=60_000)
    stands(page)

    tab = page.get_by_role("link", name="Google")
    tab.click()
    expect(page.get_by_role("heading", name="Google Merchant Center")).to_be_visible()
    page.get_by_role("link", name="Amazon", exact=False).first.click()

    finding = page.locator("[data-region=background]")
    finding.hover()
    expect(page.locator("#region-background")).to_have_class(re.compile("is-shown"))

    page.get_by_role("button", name="Fix all").click()
    expect(page.get_by_text("nothing required is broken").or_(page.get_by_text("rules are kept"))).to_be_visible(
        timeout=60_000
    )
    expect(page.get_by_role("heading", name="a cup on a table.jpg")).to_be_visible()
    stands(page)


def test_an_own_profile_from_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/compliance/profiles/")
    stands(page)
    page.get_by_label("Name").fill("Our Etsy")
    page.get_by_label("From").select_option("etsy/main")
    page.get_by_role("button", name="Clone").click()
    expect(page.get_by_role("heading", name="Our Etsy")).to_be_visible()
    stands(page)
    page.locator("[name='weight.max_mb']").fill("3")
    page.get_by_role("button", name="Save as a new version").click()
    expect(page.get_by_text("Saved as version 2")).to_be_visible()
