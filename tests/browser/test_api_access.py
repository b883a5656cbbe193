"""Every example of API access, as it is copied from the page, run against a live server."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.support.browsing import findings, sign_in, window
from tests.support.photos import product_photo
from tests.support.server import Server, free_port

pytestmark = [pytest.mark.browser, pytest.mark.php, pytest.mark.slow]

FILES = {"curl": "example.sh", "javascript": "example.mjs", "python": "example.py", "php": "example.php",
         "async_webhook": "example.py"}  # fmt: skip
RUNS = {"curl": "bash", "javascript": "node", "python": sys.executable, "php": "php", "async_webhook": sys.executable}


@pytest.fixture(scope="module")
def organization(server: Server) -> dict[str, str]:
    return server.organization("Access")


@pytest.fixture(scope="module")
def examples(server: Server, browser: Browser, organization: dict[str, str]) -> dict[str, str]:
    """The examples as the page shows them once the key is pasted."""
    with window(browser, server, sign_in(browser, server, organization["owner"])) as page:
        page.goto("/api-access/")
        assert all("<YOUR_API_KEY>" in code for code in _codes(page).values())
        page.get_by_label("Your key in the examples").fill(organization["api_key"])
        expect(page.locator("#example-curl")).to_contain_text(organization["api_key"])
        assert page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})").find(organization["api_key"]) < 0
        return _codes(page)


def _codes(page: Page) -> dict[str, str]:
    return {name: page.locator(f"#example-{name}").inner_text() for name in FILES}


def run(name: str, code: str, folder: Path, **environment: str) -> str:
    (folder / "photo.jpg").write_bytes(product_photo(4, size=(500, 400)))
    (folder / FILES[name]).write_text(code)
    done = subprocess.run(
        [RUNS[name], FILES[name]], cwd=folder, env=os.environ | environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("name", ["curl", "javascript", "python", "php"])
def test_an_example_runs_as_it_is_copied(name: str, examples: dict[str, str], tmp_path: Path) -> None:
    run(name, examples[name], tmp_path)
    image = Image.open(tmp_path / "result.jpg")
    assert (image.format, image.size) == ("JPEG", (2000, 2000))


def test_the_event_of_a_job_arrives_and_is_verified(
    server: Server, browser: Browser, organization: dict[str, str], examples: dict[str, str], tmp_path: Path
) -> None:
    with window(browser, server, sign_in(browser, server, organization["owner"])) as page:
        page.goto("/webhooks/")
        page.get_by_text("Show the secret").click()
        secret = page.locator("#default-secret-value").inner_text().strip()
    port = str(free_port())
    said = run("async_webhook", examples["async_webhook"], tmp_path, WEBHOOK_SECRET=secret, PORT=port)
    assert "job.succeeded" in said
    assert Image.open(tmp_path / "result.jpg").size == (2000, 2000)


def test_a_wrong_key_is_told_in_words(organization: dict[str, str], examples: dict[str, str], tmp_path: Path) -> None:
    code = examples["python"].replace(organization["api_key"], "ps_live_" + "a" * 38)
    (tmp_path / "photo.jpg").write_bytes(b"x")
    (tmp_path / "example.py").write_text(code)
    done = subprocess.run([sys.executable, "example.py"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (done.returncode, "unauthorized: " in done.stderr) == (1, True)


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_the_page_is_fit_for_everyone(
    server: Server, browser: Browser, organization: dict[str, str], width: int, dark: bool
) -> None:
    state = sign_in(browser, server, organization["owner"])
    with window(browser, server, state, size=(width, 900), dark=dark) as page:
        page.goto("/api-access/")
        expect(page.get_by_text("Last Used").first).to_be_attached()
        assert findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
