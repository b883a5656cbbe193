"""Photos over HTTP, as any program would send them: a new connection each time."""

from __future__ import annotations

import urllib.request
import uuid
from collections.abc import Mapping

SECONDS = 120


def whole(address: str, photo: bytes) -> bytes:
    """The photo as the body."""
    return _sent(urllib.request.Request(address, data=photo))


def form(
    address: str,
    photo: bytes,
    fields: Mapping[str, str],
    *,
    part: str = "file",
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """The photo and fields as multipart/form-data."""
    boundary = uuid.uuid4().hex
    head = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    head += f'--{boundary}\r\nContent-Disposition: form-data; name="{part}"; filename="photo.jpg"\r\n'
    body = head.encode() + b"Content-Type: image/jpeg\r\n\r\n" + photo + f"\r\n--{boundary}--\r\n".encode()
    kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    return _sent(urllib.request.Request(address, data=body, headers=kind | dict(headers or {})))


def _sent(request: urllib.request.Request) -> bytes:
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:
        body: bytes = answer.read()
        return body
