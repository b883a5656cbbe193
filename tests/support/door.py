"""A door in front of a server: what goes through it goes on, until it is shut. As a cable that is pulled."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

_PART = 65536


@dataclass
class Door:
    """`port`: where callers knock. Shut, they are refused, and who was inside is thrown out."""

    behind: int
    port: int = 0
    _listening: socket.socket | None = None
    _inside: set[socket.socket] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self) -> None:
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", self.port))
        listening.listen(128)
        self.port = listening.getsockname()[1]
        self._listening = listening
        threading.Thread(target=self._let_in, args=(listening,), daemon=True).start()

    def shut(self) -> None:
        if self._listening:
            # Wakes the thread that waits in accept().
            with contextlib.suppress(OSError):
                self._listening.shutdown(socket.SHUT_RDWR)
            self._listening.close()
            self._listening = None
        with self._lock:
            inside, self._inside = self._inside, set()
        for each in inside:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _let_in(self, listening: socket.socket) -> None:
        while True:
            try:
                caller, _ = listening.accept()
                server = socket.create_connection(("127.0.0.1", self.behind), timeout=5)
            except OSError:
                if self._listening is not listening:
                    return
                continue
            server.settimeout(None)
            with self._lock:
                self._inside |= {caller, server}
            for one, other in ((caller, server), (server, caller)):
                threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        try:
            while part := one.recv(_PART):
                other.sendall(part)
        except OSError:
            pass
        with contextlib.suppress(OSError):
            other.shutdown(socket.SHUT_WR)
        with self._lock:
            self._inside.discard(one)


@contextlib.contextmanager
def door(behind: int) -> Iterator[Door]:
    one = Door(behind)
    one.open()
    try:
        yield one
    finally:
        one.shut()
