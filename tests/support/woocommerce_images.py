"""The images of the WooCommerce peer: attachments with their bytes, galleries as one list, addresses really fetched.

As recorded from the real shop: each `src` becomes an attachment of its own, also the same one twice; what was fetched
before a failure stays behind; a variation without an image of its own shows the product's.
"""

from __future__ import annotations

import base64
import re
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.support.photos import product_photo

USER, PASSWORD = "editor", "abcdEFGH1234ijklMNOP5678"
_DATES = ("date_created", "date_created_gmt", "date_modified", "date_modified_gmt")
_DAY = "2026-11-20T15:05:44"
UPLOADS = "/wp-content/uploads/"
_ENDINGS = ("jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff", "avif")


class Refused(Exception):
    """Status, code and message of the answer."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


@dataclass
class Attachment:
    """`post`: what it hangs on: a product, a page."""

    id: int
    file: str
    name: str
    alt: str
    post: int | None
    data: Callable[[], bytes]


@dataclass
class Images:
    """The media library. `uploads_allowed`: whether the WordPress user may upload."""

    address: Callable[[], str]
    files: dict[int, Attachment] = field(default_factory=dict)
    uploads_allowed: bool = True
    # The text of pages and posts.
    pages: list[str] = field(default_factory=list)
    _next: int = 1_000_000

    def existing(self, number: int, file: str, *, name: str, alt: str) -> None:
        """An image that was in the shop from the beginning."""
        self.files[number] = Attachment(number, file, name, alt, None, lambda: product_photo(number, size=(60, 50)))

    def shown(self, number: int) -> dict[str, Any]:
        """As products and variations list it."""
        found = self.files[number]
        src = self.address() + UPLOADS + found.file
        return {"id": number, **dict.fromkeys(_DATES, _DAY), "src": src, "name": found.name, "alt": found.alt}

    def bytes_at(self, path: str) -> bytes | None:
        file = path.removeprefix(UPLOADS)
        return next((each.data() for each in self.files.values() if each.file == file), None)

    def listed(self, wanted: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The gallery that the list stands for; nothing of it holds when one of its images is refused."""
        ids = [self.one(each, "product") for each in wanted]
        return [self.shown(number) for number in ids]

    def one(self, wanted: dict[str, Any], kind: str) -> int:
        number = int(wanted.get("id") or 0)
        if not number:
            number = self._fetched(wanted["src"], kind)
        if number not in self.files:
            raise Refused(400, f"woocommerce_{kind}_invalid_image_id", f"#{number} is an invalid image ID.")
        self.files[number].alt = wanted.get("alt") or self.files[number].alt
        self.files[number].name = wanted.get("name") or self.files[number].name
        return number

    def uploaded(self, file: str, data: bytes) -> int:
        stem, _, ending = file.rpartition(".")
        taken = {each.file for each in self.files.values()}
        free, count = file, 0
        while free in taken:
            count += 1
            free = f"{stem}-{count}.{ending}"
        self._next += 1
        self.files[self._next] = Attachment(self._next, free, free, "", None, lambda: data)
        return self._next

    def told(self, number: int) -> dict[str, Any]:
        """As WordPress tells of an attachment."""
        found = self.at(number)
        return {"id": number, "post": found.post, "source_url": self.address() + UPLOADS + found.file}

    def at(self, number: int) -> Attachment:
        if number not in self.files:
            raise Refused(404, "rest_post_invalid_id", "Invalid post ID.")
        return self.files[number]

    def with_slug(self, slug: str) -> list[int]:
        return [number for number, each in self.files.items() if each.file.rpartition(".")[0].lower() == slug]

    def let_in(self, authorization: str) -> None:
        """An application password, which WordPress takes with its spaces and without."""
        user, _, password = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        if user != USER:
            raise Refused(401, "invalid_username", "<strong>Error:</strong> Unknown username.")
        if password.replace(" ", "") != PASSWORD:
            message = "The provided password is an invalid application password."
            raise Refused(401, "incorrect_password", message)

    def _fetched(self, src: str, kind: str) -> int:
        code = f"woocommerce_{kind}_image_upload_error"
        file = re.sub(r"[^A-Za-z0-9._-]", "-", urlsplit(src).path.rpartition("/")[2])
        try:
            with urllib.request.urlopen(src, timeout=30) as response:
                data: bytes = response.read()
        except urllib.error.HTTPError as error:
            message = f"Error getting remote image {src}. Error: {error.reason}"
            raise Refused(400, code, message) from None
        except OSError:
            raise Refused(
                400, code, f"Error getting remote image {src}. Error: A valid URL was not provided."
            ) from None
        if file.rpartition(".")[2].lower() not in _ENDINGS:
            message = "Invalid image: Sorry, you are not allowed to upload this file type."
            raise Refused(400, code, message)
        return self.uploaded(file, data)
