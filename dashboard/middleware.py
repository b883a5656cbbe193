"""What every request passes: an id, the viewer's time zone and language, and errors as pages."""

from __future__ import annotations

import re
import time
import zoneinfo
from collections.abc import Callable

import structlog
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from accounts.kit import metrics
from accounts.kit.errors import PackshotError
from accounts.kit.ids import uuid7
from dashboard.errors import API_PREFIXES, render_error
from dashboard.route import route_of

log = structlog.get_logger(__name__)
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
        began, worked = time.perf_counter(), time.thread_time()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            _note(request, response, time.perf_counter() - began, time.thread_time() - worked)
        response["X-Request-Id"] = request_id
        return response


def _note(request: HttpRequest, response: HttpResponseBase, seconds: float, worked: float) -> None:
    """One line and one count for each request. `worked`: seconds of the processor, of the whole time."""
    if request.path.startswith(settings.STATIC_URL):
        return
    route = route_of(request)
    kind = "api" if request.path.startswith(API_PREFIXES) else "page"
    metrics.REQUESTS.labels(request.method or "", route, str(response.status_code)).inc()
    metrics.REQUEST_SECONDS.labels(kind).observe(seconds)
    if not settings.LOG_REQUESTS:
        return
    call = getattr(request, "_call", None)
    actor = call.actor if call else getattr(request, "_actor", None)
    log.info(
        "request",
        method=request.method,
        route=route,
        status=response.status_code,
        ms=round(1000 * seconds, 1),
        processor_ms=round(1000 * worked, 1),
        organization=str(actor.organization.pk) if actor else None,
        user=actor.user.pk if actor and actor.user else None,
        api_key=actor.api_key.prefix if actor and actor.api_key else None,
    )


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


class LanguageMiddleware:
    """Pages speak the language of the person, else that of the browser. The API speaks English: its words are a
    contract. Where there is no catalog there is nothing to choose, and no request pays for the question."""

    def __init__(self, get_response: GetResponse) -> None:
        if len(settings.LANGUAGES) < 2:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(API_PREFIXES):
            return self.get_response(request)
        chosen = getattr(request.user, "language", "")
        known = any(chosen == code for code, _ in settings.LANGUAGES)
        language = chosen if known else translation.get_language_from_request(request)
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if not known:
            patch_vary_headers(response, ("Accept-Language",))
        return response


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
