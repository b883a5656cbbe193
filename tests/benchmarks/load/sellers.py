"""People in browsers: they sign in, drop photos into the Studio, look through library, jobs, catalog and settings."""

from __future__ import annotations

import random
import re
import time
from typing import Any
from urllib.parse import quote

import gevent
from locust import task

from tests.benchmarks.load.asking import Asking, arrived, is_image, leave, multipart

_TOKEN = re.compile(r'"X-CSRFToken": "([^"]+)"')
_FORM_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_STATIC = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js|svg|webp|woff2))"')
_THUMBNAIL = re.compile(r'src="(/images/[0-9a-f-]+/\d+\.webp)"')
_JOB = re.compile(r'href="/jobs/([0-9a-f-]{36})/"')
_IMAGE = re.compile(r'href="/library/([0-9a-f-]{36})/"')
_PRODUCT = re.compile(r'href="/catalog/([0-9a-f-]{36})/"')
_PREVIEW = re.compile(r'hx-get="(/studio/preview/[0-9a-f-]+/)"')
_PAUSE = re.compile(r'hx-trigger="load delay:(\d+)ms"')
_STATE = re.compile(r'class="film__frame"[^>]*data-state="(\w+)"')
_PRESETS = ("amazon-main", "etsy", "shopify-square")
_PARTS = ("Home", "Usage", "Credits", "Team", "Presets", "Integrations", "Review", "Compliance")


class Seller(Asking):
    """`cached`: what the browser has already and does not ask for again."""

    def on_start(self) -> None:
        self.cached: set[str] = set()
        self.token = ""
        self.email = self.plan.sellers.pop()
        number = len(self.plan.sellers)
        page = self.ask("GET", "/accounts/login/", "page: sign in", "Sign in")
        self._files(page.text)
        form = _FORM_TOKEN.search(page.text)
        if form is None:
            leave("the sign-in page has no form")
        fields = {"csrfmiddlewaretoken": form[1], "login": self.email, "password": self.plan.password}
        self.ask("POST", "/accounts/login/", "page: sign in, the form", status=(302,), data=_encoded(fields),
                 headers=_FORM)  # fmt: skip
        self.open("/", "page: home", "Packshot")
        first = (self.studio, self.library, self.jobs, self.catalog, self.settings)[number % 5]
        self.begin(first)

    def open(self, path: str, name: str, *words: str) -> str:
        """A whole page with what a browser loads for it and has not kept."""
        page = self.ask("GET", path, name, *words)
        if found := _TOKEN.search(page.text):
            self.token = found[1]
        self._files(page.text)
        return str(page.text)

    def part(self, method: str, path: str, name: str, *words: str, target: str = "", **sent: Any) -> Any:
        """What htmx asks for."""
        headers = {"HX-Request": "true", "X-CSRFToken": self.token} | ({"HX-Target": target} if target else {})
        return self.ask(method, path, name, *words, headers=headers | sent.pop("headers", {}), **sent)

    @task(1)
    def studio(self) -> None:
        self.open("/studio/", "page: Studio", "Studio")
        for _ in range(random.choice((1, 1, 2))):
            sent = multipart({"at": str(int(1000 * time.time()))}, image=self.photo())
            self.part("POST", "/studio/photos/", "part: Studio, a photo", "film__frame", status=(201,), **sent)
        chosen = {"preset": random.choice(_PRESETS), "shown_preset": "", "label": f"Batch of {self.mine}"}
        form: dict[str, Any] = {"data": _encoded(chosen), "headers": _FORM}
        answer = self.part("POST", "/studio/settings/", "part: Studio, settings", "process-act", **form)
        self.until("job: preview in the Studio", _PreviewEnds(self, answer.text))
        self.part("POST", "/studio/process/", "part: Studio, process", "process-act", **form)
        self.until("job: a batch in the Studio", _StripEnds(self))
        page = self.open("/studio/", "page: Studio", "Download")
        states = _STATE.findall(page)
        arrived["Studio"] += sum(state in ("succeeded", "doubtful") for state in states)
        self.part("POST", "/studio/clear/", "part: Studio, clear", status=(204,))

    @task(6)
    def library(self) -> None:
        page = self.open("/library/", "page: library", "Library")
        self._pause()
        image = random.choice(_IMAGE.findall(page))
        self.open(f"/library/{image}/", "page: an image", "Original photo")
        self._pause()
        search = f"/library/?q={quote(random.choice(('mug', 'image', 'nothing-of-that-name')))}"
        self.part("GET", search, "part: library, search", target="library-results")

    @task(5)
    def jobs(self) -> None:
        page = self.open("/jobs/", "page: jobs", "Jobs")
        self._pause()
        job = random.choice(_JOB.findall(page))
        shown = self.open(f"/jobs/{job}/", "page: a job", "What was asked")
        for _ in range(5):
            if f'hx-get="/jobs/{job}/live/"' not in shown:
                return
            gevent.sleep(1)
            shown = self.part("GET", f"/jobs/{job}/live/", "part: a job while it runs").text

    @task(5)
    def catalog(self) -> None:
        page = self.open("/catalog/", "page: catalog", "Catalog")
        self._pause()
        self.part("GET", f"/catalog/?q=SKU-000{random.randint(10, 99)}", "part: catalog, search", target="catalog-list")
        self.open(f"/catalog/{random.choice(_PRODUCT.findall(page))}/", "page: a product", "SKU")

    @task(2)
    def settings(self) -> None:
        self.open("/settings/", "page: settings", "Settings")
        self._pause()
        self.open("/settings/notifications/", "page: settings, notifications", "Settings")

    @task(8)
    def elsewhere(self) -> None:
        word = random.choice(_PARTS)
        self.open("/" if word == "Home" else f"/{word.lower()}/", f"page: {word.lower()}", "Packshot")

    def _pause(self) -> None:
        gevent.sleep(self.plan.pause * random.uniform(1, 4))

    def _files(self, text: str) -> None:
        for address in dict.fromkeys(_STATIC.findall(text)):
            self._file(address, "file: static")
        for address in _THUMBNAIL.findall(text)[:12]:  # as far as a window shows them
            if self._file(address, "file: thumbnail") and not is_image(self._last):
                self.environment.events.request.fire(
                    request_type="", name="file: thumbnail", response_time=0, response_length=0,
                    exception=AssertionError("it is no image"), context={},
                )  # fmt: skip

    def _file(self, address: str, name: str) -> bool:
        if address in self.cached:
            return False
        self.cached.add(address)
        self._last: bytes = self.ask("GET", address, name).content
        return True


class _PreviewEnds:
    def __init__(self, seller: Seller, text: str) -> None:
        self._seller, self._text = seller, text

    def __call__(self) -> str:
        following = _PREVIEW.search(self._text)
        if following is None:
            return "the preview failed" if 'data-kind="failed"' in self._text else "ok"
        if pause := _PAUSE.search(self._text):
            gevent.sleep(int(pause[1]) / 1000)
        self._text = self._seller.part("GET", following[1], "part: Studio, preview", "preview-state").text
        return ""


class _StripEnds:
    def __init__(self, seller: Seller) -> None:
        self._seller, self._seen = seller, ""

    def __call__(self) -> str:
        path = f"/studio/strip/?seen={self._seen}"
        answer = self._seller.part("GET", path, "part: Studio, strip", status=(200, 204))
        if answer.status_code == 200:
            self._seen = answer.headers["X-Studio-Seen"]
            if "studio-run" not in answer.text or "failed" in _STATE.findall(answer.text):
                return "a photo failed"
        if answer.headers["X-Studio-Busy"] == "0":
            return "ok"
        gevent.sleep(int(answer.headers["X-Studio-Again"]) / 1000)
        return ""


_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def _encoded(fields: dict[str, str]) -> str:
    return "&".join(f"{quote(name)}={quote(value)}" for name, value in fields.items())
