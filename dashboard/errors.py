"""Errors as answers: a page for people, a message for a part of a page, problem+json for programs."""

from __future__ import annotations

import sqlite3
import sys
from typing import Any

import structlog
from django.core.exceptions import DisallowedHost
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.csrf import requires_csrf_token

from accounts.access.actor import MissingPermission
from accounts.access.credentials import Unauthorized
from accounts.kit.errors import InvalidInput, NotFound, NotPermitted, PackshotError
from dashboard import addresses
from dashboard.api import backgroundcut, faceswap, heyswap
from dashboard.elsewhere import organization_elsewhere
from dashboard.route import route_of
from dashboard.session import request_id

log = structlog.get_logger(__name__)

# Primary result codes of SQLite: busy, locked, read or write failed, disk full, file not to be opened. Everything else
# that it calls operational, such as a table that is not there, is a defect.
_SQLITE_AWAY = {5, 6, 10, 13, 14}
API_PREFIXES = ("/api/", "/v3/", "/v1/")


def render_error(request: HttpRequest, error: PackshotError) -> HttpResponseBase:
    if request.path.startswith(API_PREFIXES):
        answer = _for_a_program(request, error)
        if error.retry_after:
            answer["Retry-After"] = str(error.retry_after)
        return _challenged(answer, error, scheme="Token" if backgroundcut.owns(request.path) else "Bearer")
    if request.headers.get("HX-Request"):
        response = render(request, "parts/error_toast.html", {"error": error}, status=error.status)
        response["HX-Retarget"] = "#toasts"
        response["HX-Reswap"] = "beforeend"
        return response
    elsewhere = organization_elsewhere(request, error)
    context = {"error": error, "elsewhere": elsewhere}
    return render(request, _template(404 if elsewhere else error.status), context, status=error.status)


def _for_a_program(request: HttpRequest, error: PackshotError) -> JsonResponse:
    """In the shape of the family that the address belongs to."""
    if request.path in heyswap.PATHS:
        return heyswap.failure(error)
    if backgroundcut.owns(request.path):
        return backgroundcut.failure(error)
    return faceswap.failure(error) if request.path.startswith(faceswap.PREFIX) else problem(request, error)


def problem(request: HttpRequest, error: PackshotError) -> JsonResponse:
    """RFC 9457 `application/problem+json`."""
    body: dict[str, Any] = {
        "type": f"{_base(request)}/docs/errors/#{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
        "requestId": request_id(request),
    }
    if error.errors:
        body["errors"] = [{"field": item.field, "detail": item.detail} for item in error.errors]
    return JsonResponse(body, status=error.status, content_type="application/problem+json")


def unexpected(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """For a program: the database is away, or a defect of ours. The cause is in the log under the request's id."""
    if _is_away(exception):
        log.warning("request_without_database", route=route_of(request), error=str(exception))
        return render_error(request, PartAway())
    log.error("request_failed", route=route_of(request), exc_info=exception)
    return render_error(request, Unexpected(gettext("Something went wrong on our side. Try again in a moment.")))


def _is_away(error: BaseException) -> bool:
    """Whether the database is away, or too busy to answer."""
    if isinstance(error.__cause__, sqlite3.OperationalError):
        return error.__cause__.sqlite_errorcode & 0xFF in _SQLITE_AWAY
    return isinstance(error, (OperationalError, InterfaceError))


class PartAway(PackshotError):
    """A part of this installation, such as its database, does not answer at this moment. Send it again; with an
    Idempotency-Key it is never done twice."""

    code = "unavailable"
    status = 503
    title = "Not available for a moment"
    retryable = True
    retry_after = 5

    def __init__(self) -> None:
        super().__init__(gettext("A part of the service does not answer. Try again in a moment."))


class Unexpected(PackshotError):
    """A defect of ours. The log has its cause under the request's id; nothing was charged."""

    code = "internal_error"


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return render_error(request, NotFound(gettext("There is nothing at this address.")))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return render_error(request, NotPermitted(gettext("You are not allowed to do this.")))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return render_error(request, InvalidInput(gettext("The request could not be understood.")))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    return render_error(
        request, NotPermitted(gettext("This page was open for too long. Go back, reload it and send the form again."))
    )


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponseBase:
    error: PackshotError = Unexpected(
        gettext("Something went wrong on our side. Nothing was changed. Try again in a moment.")
    )
    raised = sys.exception()
    if isinstance(raised, PackshotError):  # before any view was reached
        error = raised
    elif raised is not None and _is_away(raised):
        error = PartAway()
    try:
        return render_error(request, error)
    except Exception:  # noqa: BLE001  (the page about the error must not be the next error)
        said = f"{error.detail} Request {request_id(request)}"
        return HttpResponse(said, status=error.status, content_type="text/plain; charset=utf-8")


def _challenged(answer: JsonResponse, error: PackshotError, *, scheme: str) -> JsonResponse:
    """As RFC 6750 has it: which credential is missing, or which scope."""
    if isinstance(error, Unauthorized):
        wrong = "" if error.missing else f', error="invalid_token", error_description="{error.detail}"'
        answer["WWW-Authenticate"] = f'{scheme} realm="Packshot"{wrong}'
    elif isinstance(error, MissingPermission):
        answer["WWW-Authenticate"] = (
            f'{scheme} realm="Packshot", error="insufficient_scope", scope="{error.permission.value}"'
        )
    return answer


def _base(request: HttpRequest) -> str:
    try:
        return addresses.base(request)
    except DisallowedHost:  # the very error that may be on its way out
        return ""


def _template(status: int) -> str:
    return {403: "403.html", 404: "404.html", 500: "500.html"}.get(status, "error.html")
