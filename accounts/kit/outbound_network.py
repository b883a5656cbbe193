"""The network under outbound HTTP: names are resolved once, every answer is checked, a checked address is connected."""

from __future__ import annotations

import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterable
from typing import Any

import httpcore2

from accounts.kit.public_addresses import is_inside_name, is_public, parse

# A dead address of a name must not use up the time of the next one.
_LONGEST_CONNECT = 6.0


class OutboundError(Exception):
    """A call to somebody else's server that did not work out. `detail` is a sentence that may be shown."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class AddressRefused(OutboundError):
    """The address is not one that a caller may send us to; nothing was connected."""


class Deadline:
    """An end for everything together: names, connecting, TLS, every read."""

    def __init__(self, seconds: float | None) -> None:
        self._end = None if seconds is None else time.monotonic() + seconds

    def left(self, timeout: float | None = None) -> float | None:
        """Seconds left, at most `timeout`. Raises httpcore2.TimeoutException when none are."""
        if self._end is None:
            return timeout
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout("the time for this call is used up")
        return left if timeout is None else min(timeout, left)


class AllowedHosts:
    """Names and addresses that may be inside: the setting OUTBOUND_ALLOWED_HOSTS."""

    def __init__(self, hosts: Iterable[str]) -> None:
        self._hosts = {_canonical(host) for host in hosts}

    def __contains__(self, host: object) -> bool:
        return isinstance(host, str) and _canonical(host) in self._hosts


def check_literal(host: str, allowed: AllowedHosts) -> None:
    """Raises AddressRefused where `host` spells an address that is not public; says nothing about names."""
    address = parse(host)
    if address is not None and host not in allowed and not is_public(address):
        raise AddressRefused(f"{host} is not an address of the public internet.")


def check_name(host: str, allowed: AllowedHosts) -> None:
    """Raises AddressRefused where `host` is a name that never leads to the public internet, whoever resolves it."""
    if parse(host) is None and host not in allowed and is_inside_name(host):
        raise AddressRefused(f"{host} does not lead to the public internet.")


def resolve(host: str, port: int, allowed: AllowedHosts, *, seconds: float | None) -> list[str]:
    """The addresses of `host`, all of them checked. Raises AddressRefused if a single one is not public."""
    found = list(dict.fromkeys(_look_up(host, port, seconds)))
    if host not in allowed:
        for text in found:
            address = parse(text)
            if text not in allowed and (address is None or not is_public(address)):
                raise AddressRefused(f"{host} does not lead to the public internet.")
    return found


class CheckedBackend(httpcore2.NetworkBackend):
    """Connects to checked addresses alone, and keeps the deadline at every step.

    `checked=False` is for the way to the operator's own proxy.
    """

    def __init__(self, allowed: AllowedHosts, deadline: Deadline, *, checked: bool = True) -> None:
        self._allowed = allowed
        self._deadline = deadline
        self._checked = checked
        self._plain = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        if self._checked:
            addresses = resolve(host, port, self._allowed, seconds=self._deadline.left(timeout))
        else:
            addresses = [host]
        for last, address in ((index == len(addresses) - 1, each) for index, each in enumerate(addresses)):
            left = self._deadline.left(timeout if last else min(timeout or _LONGEST_CONNECT, _LONGEST_CONNECT))
            try:
                stream = self._plain.connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                if last:
                    raise
            else:
                return _TimedStream(stream, self._deadline)
        raise httpcore2.ConnectError("the name has no address")


class _TimedStream(httpcore2.NetworkStream):
    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return _TimedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _look_up(host: str, port: int, seconds: float | None) -> list[str]:
    """The resolver itself knows no timeout, so it is asked in a thread that may be left behind."""
    if parse(host) is not None:
        return [host]
    answers: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put([str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)])
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True, name="resolve").start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise httpcore2.ConnectTimeout(f"{host} could not be resolved in time") from None
    if isinstance(answer, Exception):
        raise httpcore2.ConnectError(f"{host} could not be resolved") from answer
    return answer


def _canonical(host: str) -> str:
    address = parse(host)
    return str(address) if address is not None else host.lower().rstrip(".")
