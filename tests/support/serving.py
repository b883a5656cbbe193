"""Servers on this machine for tests: most peers answer by one function, others by a handler of their own."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

JSON = {"Content-Type": "application/json; charset=UTF-8"}


@dataclass(frozen=True)
class Said:
    """An answer. `cut`: only so many bytes of the body are sent before the connection closes."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=lambda: dict(JSON))
    cut: int | None = None


class Quiet(BaseHTTPRequestHandler):
    """Says nothing of its requests, and a caller who goes away in the middle is no failure."""

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def say(self, said: Said) -> None:
        self.send_response(said.status)
        for name, value in said.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(said.body)))
        self.end_headers()
        self.wfile.write(said.body if said.cut is None else said.body[: said.cut])

    def log_message(self, format: str, *args: object) -> None:
        pass

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            return


def serving(
    answer: Callable[[str, str, dict[str, str], bytes], Said | None], *, tls: ssl.SSLContext | None = None
) -> AbstractContextManager[int]:
    """A server on a port of its own. `answer` gets method, target, headers in lower case, and body; after None the
    connection is closed without an answer."""

    class Handler(Quiet):
        def _any(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            said = answer(self.command, self.path, headers, self.body())
            if said is None:
                self.close_connection = True
                return
            self.say(said)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _any

    return listening(Handler, tls=tls)


@contextmanager
def listening(handler: type[Quiet], *, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """The port on which the handler answers."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
