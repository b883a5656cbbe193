"""The Studio in a real browser: files by every way, a reload in the middle, keys, previews, processing, phones."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, StorageState, expect

from tests.support.browsing import findings, sign_in, window
from tests.support.photos import opened, product_photo
from tests.support.server import Server

pytestmark = pytest.mark.browser

FRAMES = "#film > .film__frame"
DONE = f'{FRAMES}:is([data-state="succeeded"], [data-state="doubtful"])'


@pytest.fixture(scope="module")
def state(server: Server, browser: Browser) -> StorageState:
    return sign_in(browser, server, server.organization("Studio")["owner"])


@pytest.fixture
def page(server: Server, browser: Browser, state: StorageState) -> Iterator[Page]:
    """An empty strip and the first preset."""
    with window(browser, server, state) as opened_page:
        fresh(opened_page)
        yield opened_page


@pytest.fixture
def refused(server: Server, browser: Browser, state: StorageState) -> Iterator[Page]:
    """The same, for requests that the server refuses: browsers write every refusal to the console."""
    context = browser.new_context(base_url=server.base, viewport={"width": 1440, "height": 900}, storage_state=state)
    opened_page = context.new_page()
    errors: list[str] = []
    opened_page.on("pageerror", lambda error: errors.append(str(error)))
    fresh(opened_page)
    yield opened_page
    context.close()
    assert errors == []


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("photos")
    files = [folder / f"cup-{number:02d}.jpg" for number in range(12)]
    for seed, file in enumerate(files):
        file.write_bytes(product_photo(seed))
    return files


def fresh(page: Page) -> None:
    page.goto("/studio/")
    if page.locator(FRAMES).count():
        page.get_by_role("button", name="More about the strip").click()
        page.get_by_role("button", name="Clear the strip").click()
        page.locator("#confirm-dialog [data-confirm-yes]").click()
        expect(page.locator(FRAMES)).to_have_count(0)
    page.get_by_role("radio", name="Etsy listing").check()
    page.get_by_role("radio", name="Amazon main image").check()
    expect(page.get_by_role("textbox", name="Width", exact=True)).to_have_value("2000")


def add(page: Page, files: list[Path]) -> None:
    page.locator("#studio-photos").set_input_files(files)
    expect(page.locator(FRAMES)).to_have_count(len(files))


def drop(page: Page, files: dict[str, bytes]) -> None:
    """Files dragged from outside onto the page."""
    transfer = page.evaluate_handle(
        """files => {
          const transfer = new DataTransfer();
          for (const [name, bytes] of Object.entries(files)) {
            transfer.items.add(new File([new Uint8Array(bytes)], name, {type: "image/jpeg"}));
          }
          return transfer;
        }""",
        {name: list(data) for name, data in files.items()},
    )
    for event in ("dragenter", "dragover"):
        page.dispatch_event("#main", event, {"dataTransfer": transfer})
    expect(page.get_by_text(f"Drop to add {len(files)} items")).to_be_visible()
    page.dispatch_event("#main", "drop", {"dataTransfer": transfer})


def test_photos_picked_before_the_scripts_are_there_are_kept(page: Page, photos: list[Path]) -> None:
    held: list[Route] = []
    page.route("**/studio/index*.js", lambda route: held.append(route))  # a built-in is refused
    page.goto("/studio/", wait_until="commit")
    page.locator("#studio-photos").set_input_files(photos[:2])
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    expect(page.locator(FRAMES)).to_have_count(2)


def test_from_a_drop_to_files(page: Page, photos: list[Path]) -> None:
    expect(page.get_by_text("Drop product photos here")).to_be_visible()
    drop(page, {file.name: file.read_bytes() for file in photos[:3]})
    expect(page.locator(FRAMES)).to_have_count(3)
    expect(page.get_by_text("Drop product photos here")).to_be_hidden()
    assert page.locator(".film__name").all_inner_texts() == ["cup-00.jpg", "cup-01.jpg", "cup-02.jpg"]

    # the first one stands large, cut out, before anything was asked for or paid
    slider = page.get_by_role("slider", name="How much of the image before is shown")
    expect(slider).to_be_visible(timeout=15_000)
    expect(page.get_by_text("Preview. Process the photo to get it in full size.")).to_be_visible()

    # the photo lies where its pixels are on the image, so that the edge between both shows one product
    frame = page.locator("#stage [data-compare]").get_attribute("data-frame")
    assert frame is not None
    x, y, width, height = (float(number) for number in frame.split())
    canvas, photo = (page.locator(f"#stage .compare__{name}").bounding_box() for name in ("before", "photo"))
    assert canvas is not None
    assert photo is not None
    assert photo["width"] == pytest.approx(canvas["width"] * width / 100, rel=0.01)
    assert photo["height"] == pytest.approx(canvas["height"] * height / 100, rel=0.01)
    assert photo["x"] - canvas["x"] == pytest.approx(canvas["width"] * x / 100, abs=1)
    assert photo["y"] - canvas["y"] == pytest.approx(canvas["height"] * y / 100, abs=1)

    page.get_by_label("Label for this batch").fill("Autumn")
    page.get_by_role("button", name="Process 3 photos").click()
    expect(page.locator(DONE)).to_have_count(3, timeout=30_000)
    expect(page.get_by_text("Every photo has an image with these settings.", exact=False)).to_be_visible()

    assert findings(page) == []

    with page.expect_download() as one:
        page.get_by_role("link", name="Download").click()
    assert one.value.suggested_filename == "cup-00.jpg"
    assert opened(one.value.path().read_bytes()).size == (2000, 2000)

    page.get_by_role("button", name="Download 3 images").click()
    page.get_by_label("File names").fill("{sku}")
    expect(page.get_by_text("There is no {sku}.", exact=False)).to_be_visible()
    page.get_by_label("File names").fill("{label}-{name}-{n}")
    expect(page.get_by_text("Autumn-cup-00-1.jpg")).to_be_visible()
    with page.expect_download() as many:
        page.get_by_role("dialog", name="Download as a ZIP").get_by_role("button", name="Download").click()
    archive = zipfile.ZipFile(io.BytesIO(many.value.path().read_bytes()))
    assert archive.namelist() == [f"Autumn-cup-0{n}-{n + 1}.jpg" for n in range(3)]


def test_a_refused_file_says_why_until_it_is_dismissed(refused: Page, tmp_path: Path, photos: list[Path]) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    (tmp_path / "broken.jpg").write_bytes(photos[0].read_bytes()[:400])
    (tmp_path / "empty.png").write_bytes(b"")
    files = [tmp_path / "notes.txt", tmp_path / "broken.jpg", photos[0], tmp_path / "empty.png"]
    with refused.expect_response(lambda answer: answer.status == 400):
        refused.locator("#studio-photos").set_input_files(files)
    expect(refused.locator(FRAMES)).to_have_count(1)
    rows = refused.get_by_role("list", name="Files").get_by_role("listitem")
    expect(rows).to_have_count(3)
    expect(rows.filter(has_text="notes.txt")).to_contain_text("This is not a photo.")
    expect(rows.filter(has_text="empty.png")).to_contain_text("The file is empty.")
    expect(rows.filter(has_text="broken.jpg").locator(".upload__note")).to_have_text(re.compile(r"\w\.$"))
    refused.reload()
    expect(rows).to_have_count(3)
    refused.get_by_role("button", name="Dismiss notes.txt").click()
    expect(rows).to_have_count(2)
    refused.get_by_role("button", name="Dismiss the refused").click()
    expect(rows).to_have_count(0)
    refused.reload()
    expect(rows).to_have_count(0)


def test_a_reload_in_the_middle_of_the_upload_loses_nothing(page: Page, photos: list[Path]) -> None:
    page.route("**/studio/photos/", lambda route: None)  # nothing arrives
    page.locator("#studio-photos").set_input_files(photos)
    expect(page.get_by_text("Uploading, 12 files to go")).to_be_visible()
    page.wait_for_timeout(300)
    page.unroute_all(behavior="ignoreErrors")
    page.reload()
    expect(page.locator(FRAMES)).to_have_count(12, timeout=20_000)
    # Frames are exchanged while their photos become ready: looked at until they stand still.
    expect(page.locator(".film__name")).to_have_text([file.name for file in photos])
    expect(page.locator("#uploads")).to_be_hidden()


def test_files_wait_while_the_server_is_away(refused: Page, photos: list[Path]) -> None:
    refused.route("**/studio/photos/", lambda route: route.fulfill(status=503, body="away"))
    refused.clock.install()
    refused.locator("#studio-photos").set_input_files(photos[:2])
    for _ in range(6):
        refused.clock.run_for(10_000)
    expect(refused.get_by_text("The server could not be reached. The file is kept here; try again.")).to_have_count(2)
    refused.unroute_all()
    refused.get_by_role("button", name="Try again").click()
    refused.clock.run_for(2_000)
    expect(refused.locator(FRAMES)).to_have_count(2)


def test_pasting_and_a_whole_folder(page: Page, photos: list[Path], tmp_path: Path) -> None:
    page.evaluate(
        """bytes => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([new Uint8Array(bytes)], "image.png", {type: "image/png"}));
          document.body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: transfer, bubbles: true}));
        }""",
        list(product_photo(50, format="PNG")),
    )
    expect(page.locator(FRAMES)).to_have_count(1)
    assert page.locator(".film__name").inner_text().startswith("pasted-")
    (tmp_path / "shoes").mkdir()
    for seed, name in ((60, "left.jpg"), (61, "right.jpg")):
        (tmp_path / "shoes" / name).write_bytes(product_photo(seed))
    (tmp_path / "shoes" / ".DS_Store").write_bytes(b"junk")
    page.locator("[data-dropzone-folder]").set_input_files(tmp_path / "shoes")
    expect(page.locator(FRAMES)).to_have_count(3)
    expect(page.locator("#uploads")).to_be_hidden()


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
