"""A real browser for tests: signed-in windows that fail their test when the page's console complains."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, StorageState, expect, sync_playwright

from tests.support import reachable
from tests.support.server import PASSWORD, Server

_SERIOUS = {"serious", "critical"}
_REFUSED = "Failed to load resource: the server responded with a status of 4"


_running: list[Browser] = []


@contextmanager
def chromium() -> Iterator[Browser]:
    """The one of this process: started for the first who asks and ended with it. Tests take the fixture `browser`."""
    if _running:
        yield _running[0]
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=reachable.chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        _running.append(browser)
        yield browser
        _running.clear()
        browser.close()


def sign_in(browser: Browser, server: Server, email: str) -> StorageState:
    page = browser.new_page()
    page.goto(f"{server.base}/accounts/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("navigation", name="Main", exact=True)).to_be_visible()
    state = page.context.storage_state()
    page.context.close()
    return state


@contextmanager
def window(
    browser: Browser,
    server: Server,
    state: StorageState,
    *,
    size: tuple[int, int] = (1440, 900),
    dark: bool = False,
    scripts: bool = True,
    refusals: bool = False,
) -> Iterator[Page]:
    """`refusals`: calls of the page's scripts may be refused, which Chromium writes into the console by itself."""
    context = browser.new_context(
        base_url=server.base,
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light",
        storage_state=state,
        java_script_enabled=scripts,
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    if refusals:
        complaints = [said for said in complaints if not said.startswith(_REFUSED)]
    assert complaints == [], complaints


def findings(page: Page) -> list[tuple[str, str]]:
    """Serious accessibility findings of the page as it is now, and whether it is wider than its window."""
    # Colours on their way from one theme to the other are nobody's contrast.
    page.evaluate("document.getAnimations().forEach(each => each instanceof CSSTransition && each.finish())")
    broken = Axe().run(page).response["violations"]
    found = [(rule["id"], rule["nodes"][0]["html"]) for rule in broken if rule["impact"] in _SERIOUS]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        found.append(("wider than the window", page.url))
    return found
