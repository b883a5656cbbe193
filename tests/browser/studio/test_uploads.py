"""Files into the Studio in a real browser, by every way, a reload in the middle, and out of it again."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.browsing import findings
from tests.support.photos import opened, product_photo
from tests.support.studio_page import DONE, FRAMES, drop

pytestmark = pytest.mark.browser


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
