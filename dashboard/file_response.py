"""The bytes of a stored image over HTTP: conditional requests and ranges (RFC 9110)."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def file_response(request: HttpRequest, data: bytes, *, content_type: str, etag: str) -> HttpResponse:
    """200, 206 for one range, 304 for what the caller has already, 416 for a range outside. `etag` without quotes."""
    tag = f'"{etag}"'
    headers = {
        "ETag": tag,
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        # Scripts in a file that only looks like an image never run.
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    if _known(request.headers.get("If-None-Match", ""), tag):
        return HttpResponse(status=304, headers=headers)
    wanted = _range(request, tag, len(data))
    if request.method == "HEAD":
        return HttpResponse(content_type=content_type, headers=headers | {"Content-Length": str(len(data))})
    if wanted is None:
        return HttpResponse(data, content_type=content_type, headers=headers)
    start, end = wanted
    if start >= end:
        return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{len(data)}"})
    headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(data)}"
    return HttpResponse(data[start:end], status=206, content_type=content_type, headers=headers)


def _known(given: str, tag: str) -> bool:
    tags = [each.strip().removeprefix("W/") for each in given.split(",")]
    return "*" in tags or tag in tags


def _range(request: HttpRequest, tag: str, size: int) -> tuple[int, int] | None:
    """Start and end (exclusive) of the one range asked for; several, or ones we cannot read, are the whole file."""
    found = _RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if not found or request.headers.get("If-Range", tag) != tag:
        return None
    first, last = found.groups()
    if first:
        return int(first), min(int(last) + 1, size) if last else size
    return (max(0, size - int(last)), size if int(last) else 0) if last else None
