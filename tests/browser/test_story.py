"""The story, from the first sign-in to the ZIP and the same image by curl, with the real model and real photographs."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.benchmarks.unique_photos import photos
from tests.support import reachable
from tests.support.server import Server

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.model]

COUNT = 12
STEPS = {"decode", "segment", "refine", "compose", "encode"}


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    settings = {"MODELS_DIR": str(reachable.models_dir()), "SEGMENTATION_MODEL": "isnet-general-use"}
    server = Server(Path(tmp_path_factory.mktemp("story")), settings).start(ready_within=120)
    yield server
    server.stop()


@pytest.fixture
def page(studio: Server, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(base_url=studio.base, viewport={"width": 1440, "height": 900})
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []


def said_once(server: Server, name: str) -> str:
    found = re.search(rf"{name}\s+(\S+)", server.log.read_text())
    assert found is not None
    return found[1]


def test_photos_in_marketplace_ready_images_out(studio: Server, page: Page, tmp_path: Path) -> None:
    files = []
    for number, data in enumerate(photos(0.5, COUNT)):
        files.append(tmp_path / f"product-{number:02d}.jpg")
        files[-1].write_bytes(data)

    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(said_once(studio, "Sign in as"))
    page.get_by_label("Password", exact=True).fill(said_once(studio, "Password"))
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Studio").first.click()

    page.locator("input[type=file][multiple]").first.set_input_files(files)
    frames = page.locator("#film > li")
    expect(frames).to_have_count(COUNT, timeout=30_000)
    page.get_by_role("radio", name=re.compile("Amazon main image")).check(force=True)
    process = page.get_by_role("button", name=f"Process {COUNT} photos")
    expect(process).to_be_enabled()
    process.click()

    seen: set[str] = set()
    done = page.locator('#film > li[data-state="succeeded"], #film > li[data-state="doubtful"]')
    for _ in range(4000):  # a busy machine takes its time; nothing here claims a speed
        # A step's name stands under each running photo; the page itself asks for news.
        seen |= {word for word in STEPS if word in " ".join(page.locator(".film__note").all_inner_texts()).lower()}
        if done.count() == COUNT:
            break
        page.wait_for_timeout(100)
    assert done.count() == COUNT, (frames.all_inner_texts(), studio.readiness(), studio.log.read_text()[-3000:])
    assert "segment" in seen, seen

    page.reload()
    expect(done).to_have_count(COUNT)
    link = frames.nth(3).get_by_role("link")
    chosen = str(link.get_attribute("href")).partition("photo=")[2]
    link.click()
    expect(page.locator(f'#stage[data-photo="{chosen}"]')).to_be_visible()
    slider = page.locator("#stage input[type=range]").first
    expect(slider).to_be_visible()
    before = slider.input_value()
    slider.focus()
    page.keyboard.press("ArrowLeft")
    assert slider.input_value() != before

    with page.expect_download() as started:
        page.locator("#stage").get_by_role("link", name="Download").click()
    image = Image.open(started.value.path())
    assert (image.format, image.size) == ("JPEG", (2000, 2000))
    assert image.getpixel((3, 3)) == (255, 255, 255)

    page.get_by_role("button", name=f"Download {COUNT} images").click()
    page.locator("#names").fill("{name}-{preset}-{n}")
    with page.expect_download() as started:
        page.locator("#names-popover").get_by_role("button", name="Download", exact=True).click()
    with zipfile.ZipFile(started.value.path()) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert len(set(names)) == COUNT
        assert any(name.startswith("product-00-amazon-main-") for name in names), names
        from_page = archive.read(next(name for name in names if name.startswith("product-00-")))

    page.goto("/api-keys/")
    page.get_by_role("button", name="Make a key").click()
    page.get_by_label("Name").fill("Story")
    page.get_by_role("button", name="Make the key").click()
    key = page.locator("#new-key-value").inner_text()
    answer = subprocess.run(
        [
            "curl", "--silent", "--show-error", "--fail", f"{studio.base}/api/v1/process", "-H", f"x-api-key: {key}",
            "-H", "Accept: image/*", "-F", f"image=@{files[0]}", "-F", "preset=amazon-main",
        ],
        capture_output=True,
        check=True,
        timeout=60,
    )  # fmt: skip
    assert Image.open(io.BytesIO(answer.stdout)).size == (2000, 2000)
    assert answer.stdout == from_page, "the same photo and preset give the same bytes, by page and by API"
