"""The API tester in a real browser against a running server: fields, refusals, keys, calls that come back."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.support.api_tester_page import field, fill, open_at, send
from tests.support.browsing import findings, window
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_what_is_wrong_stands_beside_its_field(page: Page, shop: dict[str, str], photo: Path) -> None:
    open_at(page, "process", shop["api_key"])
    field(page, "image").locator("input[type=file]").set_input_files(photo)
    fill(page, "width", "0")
    fill(page, "marginTop", "3")
    page.get_by_text("More fields").click()
    send(page, "400 Bad Request")
    expect(field(page, "width").locator("[data-error]")).to_contain_text("width must be")
    expect(field(page, "marginTop").locator("[data-error]")).to_be_visible()
    expect(page.locator("#answer-words")).to_contain_text("This call cost nothing")
    page.get_by_role("link", name="Go to width").click()
    expect(field(page, "width").locator("[data-value]")).to_be_in_viewport()
    fill(page, "width", "10")
    expect(field(page, "width").locator("[data-error]")).to_be_hidden()
    expect(field(page, "marginTop").locator("[data-error]")).to_be_visible()


def test_a_wrong_key_and_none(page: Page, shop: dict[str, str]) -> None:
    open_at(page, "listJobs")
    expect(page.locator("#tester-why")).to_have_text("This call needs an API key.")
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    key = page.get_by_label("API key", exact=True)
    key.fill("ps_live_wrong")
    send(page, "401 Unauthorized")
    expect(page.locator("#tester-key-error")).not_to_be_empty()
    expect(key).to_have_attribute("type", "password")
    page.get_by_role("button", name="Show the key").click()
    expect(key).to_have_attribute("type", "text")
    key.fill("ps_live_é")
    expect(page.locator("#tester-why")).to_contain_text("characters that no key has")
    key.fill("")
    page.locator('[data-call-link="readOpenApi"]').click()
    send(page, "200 OK")


def test_without_a_key_the_public_endpoint_answers(page: Page, photo: Path) -> None:
    open_at(page, "process")
    field(page, "image").locator("input[type=file]").set_input_files(photo)
    with page.expect_request("**/api/process") as started:
        send(page, "200 OK")
    assert "x-api-key" not in started.value.all_headers()
    expect(page.get_by_role("img", name="The image of the answer")).to_be_visible()
    expect(page.locator("#answer-words")).to_contain_text("This address is deprecated")
    expect(page.get_by_role("link", name="Open the job")).to_have_count(0)


def test_calls_of_this_session_come_back(page: Page, shop: dict[str, str], photo: Path) -> None:
    open_at(page, "process", shop["api_key"])
    field(page, "image").locator("input[type=file]").set_input_files(photo)
    fill(page, "width", "90")
    send(page, "200 OK")
    page.locator('[data-call-link="readCredits"]').click()
    send(page, "200 OK")
    calls = page.locator("#history-list button")
    expect(calls).to_have_count(2)
    calls.nth(1).click()
    expect(page.locator("#tester-selected")).to_contain_text("POST /api/v1/process")
    expect(field(page, "width").locator("[data-value]")).to_have_value("90")
    expect(field(page, "image")).to_contain_text("mug.jpg")
    expect(page.get_by_role("img", name="The image of the answer")).to_be_visible()
    assert page.url.endswith("?call=process")
    page.reload()
    expect(page.get_by_label("API key", exact=True)).to_have_value("")
    calls.nth(1).click()
    expect(field(page, "width").locator("[data-value]")).to_have_value("90")
    expect(page.get_by_text("Choose mug.jpg again")).to_be_visible()
    page.get_by_role("button", name="Clear").click()
    expect(calls).to_have_count(0)
    page.reload()
    expect(calls).to_have_count(0)


def test_a_call_can_be_cancelled_and_a_lost_connection_is_said(page: Page, shop: dict[str, str]) -> None:
    open_at(page, "readCredits", shop["api_key"])
    page.route("**/api/v1/user/credits", lambda route: None)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("button", name="Sending…")).to_be_disabled()
    expect(page.locator("#answer-busy-time")).to_have_text(re.compile(r"\d\.\d s"))
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Cancelled.")).to_be_visible()
    page.unroute("**/api/v1/user/credits")
    send(page, "200 OK")


def test_an_answer_is_never_read_as_markup(page: Page, shop: dict[str, str]) -> None:
    open_at(page, "readCredits", shop["api_key"])
    evil = '{"a": "<img src=x onerror=alert(1)>", "</pre><script>": 1, "n": -1.5e3, "t": [true, null]}'
    page.route("**/api/v1/user/credits", lambda route: route.fulfill(body=evil, content_type="application/json"))
    send(page, "200 OK")
    assert page.locator("#answer-body img, #answer-body script").count() == 0
    assert json.loads(page.locator("#answer-body").text_content() or "") == json.loads(evil)


@pytest.mark.parametrize(("size", "dark"), [((390, 844), True), ((1024, 768), False), ((1920, 1080), False)])
def test_no_serious_finding_at_any_size(
    browser: Browser, server: Server, state: StorageState, shop: dict[str, str], size: tuple[int, int], dark: bool
) -> None:
    with window(browser, server, state, size=size, dark=dark, refusals=True) as page:
        open_at(page, "process", shop["api_key"])
        assert findings(page) == []
        page.get_by_text("More fields").click()
        page.get_by_role("radio", name="JSON").check()
        page.get_by_label("JSON body").fill(json.dumps({"presetLabel": "a" * 300}))
        page.get_by_role("button", name="Send", exact=True).press("Enter")
        expect(page.locator("#answer-status")).to_have_text("400 Bad Request")
        assert findings(page) == []


def test_every_call_opens_without_scripts(browser: Browser, server: Server, state: StorageState) -> None:
    with window(browser, server, state, scripts=False) as page:
        page.goto("/api-tester/")
        page.locator('[data-call-link="listFiles"]').click()
        expect(page.get_by_role("heading", name="List files")).to_be_visible()
        expect(page.get_by_role("button", name="Send")).to_be_disabled()
