"""The code that the API tester writes is run in all four languages, and does what the page did."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Request, expect

from tests.support.api_tester_page import code, field, fill, open_at, send, show_key
from tests.support.generated_code import LANGUAGES, answer_of
from tests.support.photos import product_photo

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HOSTILE = 'it\'s "q" $x \\ é `id` $(id) %41 {a} \\n !! 中'
HOSTILE_NAME = 'it\'s "q" $x \\ é; a=b, %22.jpg'


@pytest.mark.php
def test_a_photo_dropped_sent_seen_and_sent_again_by_code(page: Page, shop: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / HOSTILE_NAME).write_bytes(product_photo(1, size=(120, 100)))
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if "/api/v1/" in request.url else None)
    open_at(page, "process")
    assert page.get_by_role("button", name="Send", exact=True).is_enabled(), "the public endpoint needs no key"
    expect(page.locator("#tester-selected")).to_have_text("Tester endpoint currently selected: POST /api/process")
    page.get_by_label("API key", exact=True).fill(shop["api_key"])
    expect(page.locator("#tester-selected")).to_have_text("Tester endpoint currently selected: POST /api/v1/process")

    data = page.evaluate_handle(
        """([name, bytes]) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(bytes)], name, { type: "image/jpeg" }));
            return transfer;
        }""",
        [HOSTILE_NAME, list((tmp_path / HOSTILE_NAME).read_bytes())],
    )
    page.dispatch_event('[data-field="body.image"] [data-tester-drop]', "drop", {"dataTransfer": data})
    expect(field(page, "image")).to_contain_text(HOSTILE_NAME)
    fill(page, "width", "200")
    fill(page, "presetLabel", HOSTILE)
    page.keyboard.press("Enter")
    expect(page.locator("#answer-none")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#answer-status")).to_have_text("200 OK")
    said = page.locator("#answer-words")
    expect(said).to_contain_text(re.compile(r"\d+ of 600 calls left this minute\."))
    image = page.get_by_role("img", name="The image of the answer")
    expect(image).to_be_visible()
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 200
    assert json.loads(page.locator("#answer-raw").input_value())["presetLabel"] == HOSTILE
    page.get_by_role("radio", name="Headers").check()
    expect(page.locator("#answer-headers")).to_contain_text("x-credits-charged")
    expect(page.locator("#answer-request-id")).not_to_be_empty()

    [request] = [each for each in sent if each.method == "POST"]
    answer_to_it = request.response()
    assert answer_to_it is not None
    left = int(answer_to_it.headers["x-credits-remaining"])
    assert 0 < left < 500
    expect(said).to_contain_text(f"This call cost 1 credit, {left} left.")
    assert "cookie" not in request.all_headers(), "the session never goes with a call"
    assert request.all_headers()["x-api-key"] == shop["api_key"]
    assert shop["api_key"] not in page.url
    kept = page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])")
    assert "tester-calls-" in kept
    assert shop["api_key"] not in kept

    for language in LANGUAGES:
        assert shop["api_key"] not in code(page, language)
        assert "<YOUR_API_KEY>" in code(page, language)
    show_key(page)
    for language in LANGUAGES:
        answer = json.loads(answer_of(language, code(page, language), tmp_path))
        assert (answer["presetLabel"], answer["output"]["width"]) == (HOSTILE, 200), language

    page.get_by_role("link", name="Open the job").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert "/jobs/" in page.url


@pytest.mark.php
def test_json_by_hand_a_query_and_a_path_by_code(page: Page, shop: dict[str, str], photo: Path, tmp_path: Path) -> None:
    open_at(page, "uploadFile", shop["api_key"])
    field(page, "image").locator("input[type=file]").set_input_files(photo)
    send(page, "201 Created")
    file_id = json.loads(page.locator("#answer-raw").input_value())["fileId"]
    show_key(page)
    for language in LANGUAGES:
        assert json.loads(answer_of(language, code(page, language), tmp_path))["fileId"] == file_id, language

    page.locator('[data-call-link="process"]').click()
    expect(page.locator("#tester-selected")).to_contain_text("POST /api/v1/process")
    assert page.get_by_label("API key", exact=True).input_value() == shop["api_key"], "another call keeps the key"
    fill(page, "fileId", file_id)
    fill(page, "width", "150")
    page.get_by_role("radio", name="JSON").check()
    typed = page.get_by_label("JSON body")
    assert json.loads(typed.input_value()) == {"fileId": file_id, "width": 150}
    typed.fill(json.dumps({"fileId": file_id, "width": 150, "presetLabel": f"{HOSTILE}\n\ttwo"}, ensure_ascii=False))
    send(page, "200 OK")
    for language in LANGUAGES:
        answer = json.loads(answer_of(language, code(page, language), tmp_path))
        assert answer["presetLabel"] == f"{HOSTILE} two", f"{language}: labels have single spaces"
    typed.fill(json.dumps({"fileId": file_id, "width": 150, "presetLabel": HOSTILE, "nonsense": [1]}))
    page.get_by_role("radio", name="Form", exact=True).check()
    expect(field(page, "presetLabel").locator("[data-value]")).to_have_value(HOSTILE)
    expect(page.locator("#tester-kept")).to_contain_text("nonsense")
    page.get_by_role("radio", name="JSON").check()
    assert json.loads(typed.input_value())["nonsense"] == [1]
    typed.fill('{"width": ')
    page.get_by_role("radio", name="Form", exact=True).click()
    expect(page.locator("#tester-json-error")).to_contain_text("This is not JSON yet")
    expect(typed).to_have_value('{"width": ')

    page.locator('[data-call-link="listJobs"]').click()
    fill(page, "presetLabel", f"{HOSTILE} two", "query")
    fill(page, "limit", "1", "query")
    send(page, "200 OK")
    for language in LANGUAGES:
        answer = json.loads(answer_of(language, code(page, language), tmp_path))
        assert [job["presetLabel"] for job in answer["jobs"]] == [f"{HOSTILE} two"], language

    page.locator('[data-call-link="readFile"]').click()
    expect(page.locator("#tester-why")).to_have_text("Fill in fileId first.")
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    fill(page, "fileId", file_id, "path")
    send(page, "200 OK")
    expect(page.get_by_role("img", name="The image of the answer")).to_be_visible()
    for language in LANGUAGES:
        answer_of(language, code(page, language), tmp_path)
        assert (tmp_path / "answer-image").read_bytes() == photo.read_bytes(), language


@pytest.mark.php
def test_a_batch_and_an_image_as_the_answer_by_code(
    page: Page, shop: dict[str, str], photo: Path, tmp_path: Path
) -> None:
    second = tmp_path / 'b"é.jpg'
    second.write_bytes(product_photo(2, size=(120, 100)))
    open_at(page, "createJob", shop["api_key"])
    field(page, "image").locator("input[type=file]").set_input_files([photo, second])
    fill(page, "presetLabel", HOSTILE)
    send(page, "202 Accepted")
    show_key(page)
    for language in LANGUAGES:
        job = json.loads(answer_of(language, code(page, language), tmp_path))["jobId"]
        found = page.request.get(f"/api/v1/jobs/{job}", headers={"x-api-key": shop["api_key"]}).json()
        assert found["presetLabel"] == HOSTILE, language

    open_at(page, "process", shop["api_key"])
    show_key(page)
    field(page, "image").locator("input[type=file]").set_input_files(photo)
    page.locator("details summary", has_text="Headers").click()
    field(page, "Accept", "header").locator("select").select_option("image/*")
    field(page, "format").locator("select").select_option("png")
    page.get_by_role("button", name="New", exact=True).click()
    assert len(field(page, "Idempotency-Key", "header").locator("[data-value]").input_value()) == 36
    send(page, "200 OK")
    expect(page.locator("#answer-words")).to_contain_text("On the server: ")
    image = page.get_by_role("img", name="The image of the answer")
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 120
    with page.expect_download() as started:
        page.get_by_role("link", name="Download the answer").click()
    assert started.value.suggested_filename == "answer.png"
    for language in LANGUAGES:
        answer_of(language, code(page, language), tmp_path)
        assert Image.open(io.BytesIO((tmp_path / "answer-image").read_bytes())).size == (120, 100), language
    send(page, "200 OK")
    expect(page.locator("#answer-words")).to_contain_text("This is the stored answer of the first call")


@pytest.mark.php
def test_a_key_that_is_a_field_is_not_kept_either(page: Page, shop: dict[str, str], tmp_path: Path) -> None:
    open_at(page, "createToken", shop["api_key"])
    fill(page, "key", shop["api_key"])
    send(page, "200 OK")
    kept = page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])")
    assert '"createToken\\"' in kept
    assert shop["api_key"] not in kept
    assert shop["api_key"] not in code(page, "Python")
    show_key(page)
    for language in LANGUAGES:
        token = json.loads(answer_of(language, code(page, language), tmp_path))["access_token"]
        assert token.count(".") == 2, language
    page.locator('[data-call-link="refreshToken"]').click()
    page.get_by_label("API key", exact=True).fill(token)
    send(page, "200 OK")
