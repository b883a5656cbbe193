"""The calls without a key that earlier versions had: which there are, and what every answer of theirs says of its end.

Off unless LEGACY_PUBLIC_ENDPOINTS is on: then these addresses do not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.http import http_date

from accounts.kit.errors import NotFound
from dashboard.addresses import base
from dashboard.errors import render_error
from processing.operations.registry import OPERATIONS

_PATHS = ("/process", "/upscale", "/backgrounds/generate", "/relight/shadow")
# Each with the call that takes its place.
SUCCESSORS = {"/api/compliance": "/api/v1/compliance"} | {
    f"/api{operation.path}": f"/api/v1{operation.path}" for operation in OPERATIONS.values() if operation.path in _PATHS
}
DEPRECATED = datetime(2026, 11, 1, tzinfo=UTC)
SUNSET = datetime(2027, 12, 31, tzinfo=UTC)


class LegacyMiddleware:
    """404 where they are off; else `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and `Link` on every answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.path in SUCCESSORS and settings.LEGACY_PUBLIC_ENDPOINTS:
            here = base(request)
            response["Deprecation"] = f"@{int(DEPRECATED.timestamp())}"
            response["Sunset"] = http_date(SUNSET.timestamp())
            response["Link"] = (
                f'<{here}{reverse("docs_guide", args=["without-a-key"])}>; rel="deprecation"; type="text/html", '
                f'<{here}{SUCCESSORS[request.path]}>; rel="successor-version"'
            )
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., object], args: object, kwargs: object
    ) -> HttpResponseBase | None:
        if request.path in SUCCESSORS and not settings.LEGACY_PUBLIC_ENDPOINTS:
            return render_error(
                request, NotFound("There is nothing at this address. GET /api/v1/openapi lists every call.")
            )
        return None
