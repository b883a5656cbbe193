"""Somebody else's server: plain sockets on this machine, so that tests decide every byte and when it comes."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Remote:
    """A running server and the request heads it has seen."""

    port: int
    scheme: str = "http"
    seen: list[str] = field(default_factory=list)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [head.split(" ")[1] for head in self.seen]


Answer = Callable[[socket.socket, str], None]


def whole(body: bytes, *, status: str = "200 OK", headers: str = "Content-Type: image/jpeg\r\n") -> bytes:
    """An answer with its length announced."""
    return f"HTTP/1.1 {status}\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body


def redirect(to: str, status: str = "302 Found") -> bytes:
    return whole(b"", status=status, headers=f"Location: {to}\r\n")


def says(*answers: bytes, pause: float = 0.0) -> Answer:
    """Sends these bytes one after the other, with a pause between them, to whoever asks."""

    def answer(connection: socket.socket, head: str) -> None:
        for part in answers:
            connection.sendall(part)
            time.sleep(pause)

    return answer


@contextmanager
def remote(answer: Answer, *, tls: ssl.SSLContext | None = None) -> Iterator[Remote]:
    """A server that reads one request head from each connection, answers and closes."""
    listener = socket.create_server(("127.0.0.1", 0))
    running = Remote(listener.getsockname()[1], "https" if tls else "http")

    def serve(connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            secured = tls.wrap_socket(connection, server_side=True) if tls else connection
            head = b""
            while b"\r\n\r\n" not in head and (part := secured.recv(65536)):
                head += part
            if head:
                running.seen.append(head.decode("latin-1"))
                answer(secured, head.decode("latin-1"))
                with contextlib.suppress(OSError):
                    secured.shutdown(socket.SHUT_WR)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield running
    finally:
        # close() alone leaves a thread in accept(), which would take one more connection.
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
