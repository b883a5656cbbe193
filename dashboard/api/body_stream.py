"""The bytes of a request as they come in, counted."""

from __future__ import annotations

from typing import Protocol

from django.http import HttpRequest
from django.http.request import UnreadablePostError

from accounts.kit.errors import InvalidInput
from dashboard.api.errors import BodyTooLarge


class Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


def announced_length(request: HttpRequest) -> int | None:
    """Content-Length in bytes; None for a body of unknown length (chunked)."""
    if is_chunked(request):
        return None
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() else 0


def is_chunked(request: HttpRequest) -> bool:
    """Only where the server ends the input by itself: else reading would wait for ever."""
    chunked: str = request.META.get("HTTP_TRANSFER_ENCODING", "")
    return "chunked" in chunked.lower() and bool(request.META.get("wsgi.input_terminated"))


def raw_body(request: HttpRequest) -> Readable:
    """The input. Django itself takes a body without Content-Length for an empty one."""
    if is_chunked(request):
        source: Readable = request.META["wsgi.input"]
        return source
    return request


class CountedBody:
    """Ends a body that is longer than `limit` bytes with BodyTooLarge, one that breaks off with InvalidInput."""

    def __init__(self, request: HttpRequest, *, limit: int) -> None:
        self._source = raw_body(request)
        self._limit = limit
        self._announced = announced_length(request)
        self._read = 0
        if self._announced is not None and self._announced > limit:
            raise self._too_large(f"weighs {self._announced / 1e6:.1f} MB")

    @property
    def length(self) -> int:
        """For the parser of multipart: the length, or an upper bound of it."""
        return self._limit if self._announced is None else self._announced

    def read(self, size: int = 65536) -> bytes:
        try:
            part = self._source.read(size)
        except (OSError, UnreadablePostError):
            raise self._broken() from None
        self._read += len(part)
        if self._read > self._limit:
            raise self._too_large("does not end")
        if not part and self._announced is not None and self._read < self._announced:
            raise self._broken()
        return part

    def read_all(self) -> bytes:
        parts = []
        while part := self.read():
            parts.append(part)
        return b"".join(parts)

    def _too_large(self, what: str) -> BodyTooLarge:
        return BodyTooLarge(f"The request {what}. At most {self._limit / 1e6:g} MB are possible here.")

    def _broken(self) -> InvalidInput:
        return InvalidInput("The request broke off before its end. Send it again.")
