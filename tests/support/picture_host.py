"""A server on this machine from which shops fetch images, and the images themselves."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from integrations.publishing import Picture
from tests.support.photos import product_photo
from tests.support.serving import Said, serving


@dataclass
class PictureHost:
    """`slow`: seconds before each answer. `fetched`: the paths that were asked for."""

    port: int = 0
    slow: float = 0
    missing: bool = False
    files: dict[str, bytes] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def picture(self, seed: int, *, key: str = "", reachable: bool = True) -> Picture:
        """Another `seed` is another image."""
        data = product_photo(seed, size=(64, 48))
        path = f"/i/Picture{seed}Token{key}.jpg"
        self.files[path] = data
        return Picture(
            key=key or f"publication-{seed}",
            url=f"{self.address}{path}" if reachable else "",
            filename=f"Mug {seed}.jpg",
            media_type="image/jpeg",
            sha256=hashlib.sha256(data).hexdigest(),
            read=lambda: data,
            alt=f"New mug {seed}",
            name=f"mug-{seed}",
        )


@contextmanager
def picture_host() -> Iterator[PictureHost]:
    running = PictureHost()

    def answer(method: str, target: str, headers: dict[str, str], body: bytes) -> Said:
        running.fetched.append(target)
        time.sleep(running.slow)
        data = None if running.missing else running.files.get(target)
        return (
            Said(200, data, {"Content-Type": "image/jpeg"}) if data else Said(404, b"", {"Content-Type": "text/html"})
        )

    with serving(answer) as running.port:
        yield running
