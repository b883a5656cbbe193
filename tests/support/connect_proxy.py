"""An operator's proxy on this machine: it tunnels (CONNECT) to the names that it knows, and keeps what it was asked.

The names mean nothing to this machine's own resolver: only the proxy knows where they lead.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.support.remote import remote, whole


@dataclass
class ConnectProxy:
    """`leads`: the port on this machine that stands behind a name. `asked`: the targets of all calls, as host:port."""

    port: int = 0
    leads: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    credentials: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://operator:secret@127.0.0.1:{self.port}"


@contextmanager
def connect_proxy(**leads: int) -> Iterator[ConnectProxy]:
    """`leads`: see ConnectProxy; `photos=8443` stands for the name photos.invalid."""
    running = ConnectProxy(leads={f"{name}.invalid": port for name, port in leads.items()})

    def tunnel(caller: socket.socket, head: str) -> None:
        lines = head.split("\r\n")
        target = lines[0].split(" ")[1]
        running.asked.append(target)
        running.credentials += [line for line in lines if line.lower().startswith("proxy-authorization:")]
        port = running.leads.get(target.rpartition(":")[0])
        if port is None or not lines[0].startswith("CONNECT "):
            caller.sendall(whole(b"", status="502 Bad Gateway", headers=""))
            return
        with socket.create_connection(("127.0.0.1", port)) as target_connection:
            caller.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=_copy, args=(target_connection, caller), daemon=True)
            back.start()
            _copy(caller, target_connection)
            back.join(10)

    with remote(tunnel) as server:
        running.port = server.port
        yield running


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while part := source.recv(65536):
            target.sendall(part)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
