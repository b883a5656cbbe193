"""Calls below /v3/ from pages of other origins: any of them may, with an access token, never with cookies."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from dashboard.api import backgroundcut, rate_limits
from dashboard.api.call import call_of

_METHODS = "GET, HEAD, POST, DELETE, OPTIONS"
_REQUEST_HEADERS = "Authorization, Content-Type, Idempotency-Key, If-None-Match, If-Range, Range, X-Request-Id"
_ANSWER_HEADERS = (
    "Accept-Ranges, Content-Length, Content-Range, ETag, Idempotent-Replayed, RateLimit, RateLimit-Policy, "
    "Retry-After, WWW-Authenticate, X-Credits-Charged, X-Credits-Remaining, X-Request-Id, x-ratelimit-limit, "
    "x-ratelimit-remaining, x-ratelimit-reset, x-ratelimit-retry-after"
)


class CorsMiddleware:
    """OPTIONS is answered here, without a credential: a browser sends none with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not backgroundcut.owns(request.path):
            return self.get_response(request)
        if request.method == "OPTIONS":
            response: HttpResponseBase = HttpResponse(status=204)
            response["Access-Control-Allow-Methods"] = _METHODS
            response["Access-Control-Allow-Headers"] = _REQUEST_HEADERS
            response["Access-Control-Max-Age"] = "600"
            rate_limits.put_headers(request, response, call_of(request))
        else:
            response = self.get_response(request)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = _ANSWER_HEADERS
        return response
