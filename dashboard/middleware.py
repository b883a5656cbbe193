"""What every request passes: an id, the viewer's time zone, and errors as pages."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from accounts.kit.errors import PackshotError
from accounts.kit.ids import uuid7
from dashboard.errors import render_error

GetResponse = Callable[[HttpRequest], HttpResponseBase]
_USABLE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestIdMiddleware:
    """Gives every request an id (a caller's own is taken over), shows it in `X-Request-Id` and in every log line."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-Id", "")
        request_id = given if _USABLE_ID.fullmatch(given) else uuid7().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
        response["X-Request-Id"] = request_id
        return response


class TimeZoneMiddleware:
    """Dates are shown in the zone of the person, else in that of the browser (a cookie), else in UTC."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        name = getattr(request.user, "time_zone", "") or request.COOKIES.get("time_zone", "")
        try:
            zone = zoneinfo.ZoneInfo(name) if name else None
        except (ValueError, OSError):  # a cookie says what it likes
            zone = None
        if zone is None:
            return self.get_response(request)
        with timezone.override(zone):
            return self.get_response(request)


class ErrorPageMiddleware:
    """Our own errors become pages, or a message beside what was clicked when htmx asked."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if not isinstance(exception, PackshotError):
            return None
        return render_error(request, exception)
