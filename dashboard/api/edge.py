"""The outermost layer of the programs' side: what no endpoint sees is answered in the families' shapes too."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.http.request import UnreadablePostError
from django.utils import timezone

from accounts.actions import usage
from accounts.kit.call_made import CallMade
from accounts.kit.errors import PackshotError
from dashboard.api import idempotent, rate_limits
from dashboard.api.body_stream import raw_body
from dashboard.api.call import Call, call_of
from dashboard.api.errors import MethodNotAllowed
from dashboard.errors import API_PREFIXES, render_error

_DRAINED_BYTES = 2_000_000_000
_DRAINED_SECONDS = 30.0


class ApiEdgeMiddleware:
    """What every call passes: it is counted and told what is left, its Idempotency-Key is settled, it is noted for the
    usage page; a 405 becomes the family's error, and what is left of a refused body is read.

    A client that is still sending when the connection closes sees a broken pipe instead of the answer.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(API_PREFIXES):
            return self.get_response(request)
        # Programs write UTF-8; a charset of Content-Type could name any codec of Python, such as base64.
        request.encoding = "utf-8"
        call = call_of(request)
        response = self.get_response(request)
        if response.status_code == 405:
            response = _not_allowed(request, response)
        idempotent.settle(call, response)
        rate_limits.put_headers(request, response, call)
        _note(call, response)
        if response.status_code >= 400:
            _drain(request)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., object], args: object, kwargs: object
    ) -> HttpResponseBase | None:
        if not request.path.startswith(API_PREFIXES):
            return None
        call = call_of(request)
        call.endpoint = f"{request.method} {_pattern(request)}"
        try:
            rate_limits.admit(request, call)
        except PackshotError as error:
            return render_error(request, error)
        return None


def _note(call: Call, response: HttpResponseBase) -> None:
    if call.actor is None:
        return
    usage.note(
        CallMade(
            organization_id=call.actor.organization.pk,
            api_key_id=call.actor.api_key.pk if call.actor.api_key else None,
            endpoint=call.endpoint,
            label=call.label,
            status=response.status_code,
            milliseconds=(time.perf_counter() - call.started) * 1000,
            at=timezone.now(),
        )
    )


def _pattern(request: HttpRequest) -> str:
    """The address with the names of its parts in their place: `/api/v1/jobs/{job_id}`."""
    route = request.resolver_match.route if request.resolver_match else ""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)


def _not_allowed(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    methods = ", ".join(sorted(method.strip() for method in response["Allow"].split(",")))
    error = render_error(request, MethodNotAllowed(f"{request.method} is not possible here. Possible: {methods}."))
    error["Allow"] = methods
    return error


def _drain(request: HttpRequest) -> None:
    body = raw_body(request)
    deadline = time.monotonic() + _DRAINED_SECONDS
    drained = 0
    try:
        while drained < _DRAINED_BYTES and time.monotonic() < deadline and (part := body.read(65536)):
            drained += len(part)
    except (OSError, UnreadablePostError):  # the client has gone: nobody is left to read the answer
        return
