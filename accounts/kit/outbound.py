"""Outbound HTTP to addresses that somebody else chose: image URLs, webhooks, shops.

Only http and https, no credentials in the address, and nothing but the public internet (OUTBOUND_ALLOWED_HOSTS allows
more). The address that was checked is the one connected to, so a name that changes its mind in between gains nothing.
HTTPS_PROXY, HTTP_PROXY, NO_PROXY, SSL_CERT_FILE and SSL_CERT_DIR are honoured.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.request import getproxies, proxy_bypass

import httpcore2
import httpx2
from django.conf import settings

from accounts.kit.outbound_network import (
    AddressRefused,
    AllowedHosts,
    CheckedBackend,
    Deadline,
    OutboundError,
    check_literal,
    check_name,
    resolve,
)

__all__ = ["AddressRefused", "Fetched", "OutboundError", "check_url", "client", "fetch"]

TOTAL_SECONDS = 20.0
MOST_REDIRECTS = 5
_LONGEST_URL = 4096
_REDIRECTS = {301, 302, 303, 307, 308}
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered: `url` is the last one after redirects, `media_type` as the server called it."""

    data: bytes
    url: str
    media_type: str


def check_url(url: str) -> httpx2.URL:
    """The address, if its form is good; names are not resolved here. Raises AddressRefused with one sentence."""
    if len(url) > _LONGEST_URL:
        raise AddressRefused(f"An address of more than {_LONGEST_URL} characters is not followed.")
    try:
        parsed = httpx2.URL(url.strip())
        host = parsed.raw_host.decode("ascii")
    except (httpx2.InvalidURL, UnicodeError, ValueError):
        raise AddressRefused("This is not a web address. Send one such as https://example.com/photo.jpg.") from None
    if parsed.scheme not in _PORTS:
        raise AddressRefused("Only addresses that begin with http:// or https:// are followed.")
    if parsed.userinfo:
        raise AddressRefused("An address with a user name or password in it is not followed.")
    if not host or "%" in host or not 0 < (parsed.port or 1) < 65536:
        raise AddressRefused("This is not a web address. Send one such as https://example.com/photo.jpg.")
    check_literal(host, _allowed())
    return parsed


@contextmanager
def client(*, seconds: float | None = TOTAL_SECONDS) -> Iterator[httpx2.Client]:
    """A client for one exchange or a few: all of them together end after `seconds`. Redirects are not followed.

    Raises AddressRefused before anything is connected, httpx2.HTTPError for the rest.
    """
    timeout = httpx2.Timeout(seconds if seconds is not None else TOTAL_SECONDS)
    transport = _CheckedTransport(_allowed(), Deadline(seconds))
    with httpx2.Client(transport=transport, trust_env=False, follow_redirects=False, timeout=timeout) as opened:
        opened.headers["User-Agent"] = "Packshot"
        yield opened


def fetch(url: str, *, max_bytes: int, accept: str = "*/*", seconds: float = TOTAL_SECONDS) -> Fetched:
    """Gets an address with at most five redirects, each checked anew. Raises OutboundError."""
    headers = {"Accept": accept, "Accept-Encoding": "identity"}
    address = check_url(url)
    with client(seconds=seconds) as opened:
        for _ in range(MOST_REDIRECTS + 1):
            try:
                with opened.stream("GET", address, headers=headers) as response:
                    if response.status_code not in _REDIRECTS or "location" not in response.headers:
                        return Fetched(_read(response, max_bytes), str(address), _media_type(response))
                    address = check_url(str(address.join(response.headers["location"])))
            except httpx2.TimeoutException:
                raise OutboundError(f"{address.host} did not answer within {seconds:g} seconds.") from None
            except httpx2.InvalidURL:
                raise OutboundError(f"{address.host} redirects to something that is not an address.") from None
            except httpx2.ConnectError:
                raise OutboundError(f"{address.host} could not be reached.") from None
            except httpx2.HTTPError:
                raise OutboundError(f"{address.host} broke off or does not speak HTTP.") from None
    raise OutboundError(f"There are more than {MOST_REDIRECTS} redirects.")


def _read(response: httpx2.Response, max_bytes: int) -> bytes:
    if response.status_code != 200:
        raise OutboundError(f"{response.url.host} answered with status {response.status_code}.")
    if response.headers.get("content-encoding", "identity").strip().lower() not in {"", "identity"}:
        # A small answer can unpack to a large one, and pictures are packed already.
        raise OutboundError(f"{response.url.host} sent a compressed answer although it was asked not to.")
    too_large = OutboundError(f"The file is larger than {max_bytes / 1e6:g} MB.")
    announced = response.headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and int(announced) > max_bytes:
        raise too_large
    parts: list[bytes] = []
    size = 0
    for part in response.iter_raw():
        size += len(part)
        if size > max_bytes:
            raise too_large
        parts.append(part)
    return b"".join(parts)


def _media_type(response: httpx2.Response) -> str:
    return response.headers.get("content-type", "").partition(";")[0].strip().lower()


class _CheckedTransport(httpx2.BaseTransport):
    """httpx2 on httpcore2, with the checking network underneath and the operator's proxy where one is set."""

    def __init__(self, allowed: AllowedHosts, deadline: Deadline) -> None:
        self._allowed = allowed
        self._deadline = deadline
        self._pools: dict[str, httpcore2.ConnectionPool] = {}

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        url = check_url(str(request.url))
        core = httpcore2.Request(
            method=request.method,
            url=httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        with _as_httpx2():
            response = self._pool(url).handle_request(core)
        assert not isinstance(response.stream, (bytes, type(None)))
        return httpx2.Response(
            response.status,
            headers=response.headers,
            stream=_Stream(response.stream),
            extensions=response.extensions,
        )

    def close(self) -> None:
        for pool in self._pools.values():
            pool.close()

    def _pool(self, url: httpx2.URL) -> httpcore2.ConnectionPool:
        proxy = _proxy_for(url)
        if proxy:
            self._check_behind_proxy(url)
        if proxy not in self._pools:
            self._pools[proxy] = self._proxy_pool(httpx2.URL(proxy)) if proxy else self._direct_pool()
        return self._pools[proxy]

    def _direct_pool(self) -> httpcore2.ConnectionPool:
        return httpcore2.ConnectionPool(
            ssl_context=_certificates(), network_backend=CheckedBackend(self._allowed, self._deadline)
        )

    def _proxy_pool(self, proxy: httpx2.URL) -> httpcore2.ConnectionPool:
        return httpcore2.HTTPProxy(
            proxy_url=httpcore2.URL(scheme=proxy.raw_scheme, host=proxy.raw_host, port=proxy.port, target=b"/"),
            proxy_auth=(proxy.username, proxy.password) if proxy.userinfo else None,
            proxy_ssl_context=_certificates() if proxy.scheme == "https" else None,
            ssl_context=_certificates(),
            network_backend=CheckedBackend(self._allowed, self._deadline, checked=False),
        )

    def _check_behind_proxy(self, url: httpx2.URL) -> None:
        """The proxy connects, by name. Behind one, names often mean nothing here: then they are its business, but for
        those that can only mean somebody's inside, the proxy's own machine among them."""
        host = url.raw_host.decode("ascii")
        check_name(host, self._allowed)
        try:
            resolve(host, url.port or _PORTS[url.scheme], self._allowed, seconds=self._deadline.left(5.0))
        except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
            return


class _Stream(httpx2.SyncByteStream):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        with _as_httpx2():
            yield from self._stream

    def close(self) -> None:
        self._stream.close()


@contextmanager
def _as_httpx2() -> Iterator[None]:
    """The errors of httpcore2 under the names that users of httpx2 know: both hierarchies are the same."""
    try:
        yield
    except (
        httpcore2.TimeoutException,
        httpcore2.NetworkError,
        httpcore2.ProtocolError,
        httpcore2.ProxyError,
        httpcore2.UnsupportedProtocol,
    ) as error:
        raise getattr(httpx2, type(error).__name__, httpx2.TransportError)(str(error)) from error


def _allowed() -> AllowedHosts:
    return AllowedHosts(settings.OUTBOUND_ALLOWED_HOSTS)


def _proxy_for(url: httpx2.URL) -> str:
    """The operator's proxy for this address, or an empty string."""
    proxies = getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all") or ""
    if not proxy or proxy_bypass(url.host):
        return ""
    return proxy if "://" in proxy else f"http://{proxy}"


def _certificates() -> ssl.SSLContext:
    return _load_certificates(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@lru_cache(maxsize=4)
def _load_certificates(file: str | None, folder: str | None) -> ssl.SSLContext:
    """Loading them takes as long as a whole request; httpx2 reads both variables by itself."""
    return httpx2.create_ssl_context()
