"""The page of the Studio in a browser: its strip, and files onto it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

FRAMES = "#film > .film__frame"
DONE = f'{FRAMES}:is([data-state="succeeded"], [data-state="doubtful"])'


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
