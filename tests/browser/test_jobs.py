"""Jobs in a real browser: rows and pages that follow the work, and stay still when it is over."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.support.browsing import findings, window
from tests.support.finished import in_server
from tests.support.server import Server

pytestmark = pytest.mark.browser

_MAKE = """
a = owner({owner!r})
job_of(a, Photo("failed.jpg", 3, ended="failed"))
for _ in range(6):
    job = job_of(
        a,
        Photo("done.jpg", 0, size=(300, 300)),
        Photo("working.jpg", 1, ended="running"),
        Photo("too.jpg", 2, ended="running"),
        preset="ebay", label="Follow me",
    )
    print(job.pk)
"""
_END = """
end(JobImage.unscoped.get(job={job!r}, name={name!r}), Photo({name!r}, 7, ended={ended!r}, size=(300, 300)))
"""


@pytest.fixture(scope="module")
def owner(server: Server) -> str:
    return server.organization("Jobs")["owner"]


@pytest.fixture(scope="module")
def jobs(server: Server, owner: str) -> list[str]:
    return in_server(server, _MAKE.format(owner=owner)).split()


@pytest.fixture
def job(jobs: list[str]) -> str:
    """One that no other test has touched."""
    return jobs.pop()


def finish(server: Server, job: str, name: str, ended: str) -> None:
    in_server(server, _END.format(job=job, name=name, ended=ended))


def test_a_row_follows_its_job_and_the_whole_of_it_opens(server: Server, page: Page, job: str) -> None:
    page.goto("/jobs/?label=Follow+me")
    row = page.locator(f"#job-{job}")
    expect(row.get_by_text("Running")).to_be_visible()
    expect(row.get_by_role("progressbar")).to_be_visible()
    page.evaluate("document.body.dataset.same = 'yes'")
    finish(server, job, "working.jpg", "failed")
    finish(server, job, "too.jpg", "succeeded")
    expect(row.get_by_text("Succeeded")).to_be_visible()
    expect(row.get_by_text("1 failed")).to_be_visible()
    expect(row.get_by_role("progressbar")).to_be_hidden()
    assert page.evaluate("document.body.dataset.same") == "yes", "the page was not loaded anew"
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(3500)
    assert [address for address in asked if job in address] == [], "it has ended: nobody asks for it any more"
    box = row.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] - 12, box["y"] + box["height"] / 2)
    page.wait_for_url(f"**/jobs/{job}/")


def test_a_job_follows_its_photos_and_leaves_the_slider_alone(server: Server, page: Page, job: str) -> None:
    page.goto(f"/jobs/{job}/")
    expect(page.get_by_text("1 of 3 photos done")).to_be_visible()
    slider = page.get_by_role("slider", name="How much of the image before is shown")
    slider.press("ArrowRight")
    expect(slider).to_have_value("51")
    finish(server, job, "working.jpg", "failed")
    expect(page.get_by_text("2 of 3 photos done")).to_be_visible()
    expect(page.locator("#frame-2").get_by_role("img", name="Failed")).to_be_visible()
    expect(slider).to_have_value("51")
    page.locator("#open-2").click()
    expect(page.get_by_text("No product was found.")).to_be_visible()
    expect(page.locator("#open-2")).to_have_attribute("aria-current", "true")
    page.wait_for_url(f"**/jobs/{job}/?photo=2")
    finish(server, job, "too.jpg", "succeeded")
    expect(page.get_by_role("link", name="Download 2 images")).to_be_visible()
    expect(page.get_by_role("button", name="Run 1 unfinished again")).to_be_visible()
    expect(page.get_by_role("button", name="Cancel job")).to_be_hidden()
    page.keyboard.press("j")
    expect(page.get_by_text("3 of 3", exact=True)).to_be_visible()
    with page.expect_download() as started:
        page.get_by_role("link", name="Download 2 images").click()
    assert started.value.suggested_filename.startswith("Follow me-")


def test_canceling_asks_once(page: Page, job: str) -> None:
    page.goto(f"/jobs/{job}/")
    page.get_by_role("button", name="Cancel job").click()
    dialog = page.get_by_role("dialog", name="Cancel this job?")
    expect(dialog.get_by_text("1 of 3 photos are done and stay.")).to_be_visible()
    dialog.get_by_role("button", name="Cancel the job").click()
    expect(page.get_by_text("2 credits are given back")).to_be_visible()
    expect(page.get_by_role("main").get_by_text("Canceled", exact=True).first).to_be_visible()


def test_filters_without_a_new_page(page: Page, job: str) -> None:
    page.goto("/jobs/")
    page.get_by_role("radio", name="Failed").check(force=True)
    expect(page.get_by_role("link", name="failed.jpg").first).to_be_visible()
    expect(page.get_by_role("link", name="done.jpg")).to_have_count(0)
    page.wait_for_url("**/jobs/?*status=failed*")
    page.get_by_role("searchbox").fill("nothing like it")
    expect(page.get_by_role("heading", name="No job matches")).to_be_visible()


@pytest.mark.parametrize(("width", "dark"), [(1440, True), (390, False)])
@pytest.mark.slow
def test_no_serious_finding(
    browser: Browser, server: Server, state: StorageState, job: str, width: int, dark: bool
) -> None:
    with window(browser, server, state, size=(width, 900), dark=dark) as page:
        for address in ("/jobs/", f"/jobs/{job}/", f"/jobs/{job}/?photo=2"):
            page.goto(address)
            assert findings(page) == [], address
