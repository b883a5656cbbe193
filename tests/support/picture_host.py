"""A server on this machine from which shops fetch images, and the images themselves."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from integrations.publishing import Picture
from tests.support.photos import product_photo


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

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            running.fetched.append(self.path)
            time.sleep(running.slow)
            data = None if running.missing else running.files.get(self.path)
            self.send_response(200 if data else 404)
            self.send_header("Content-Type", "image/jpeg" if data else "text/html")
            self.send_header("Content-Length", str(len(data or b"")))
            self.end_headers()
            self.wfile.write(data or b"")

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    running.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
