"""The main family, /api/v1: its endpoints put together. One file each beside this one."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import URLPattern, URLResolver
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from accounts.kit.errors import FieldError, InvalidInput, NotFound, PackshotError
from dashboard.access import everyone
from dashboard.api import credits_headers
from dashboard.api.idempotent import Replayed
from dashboard.api.v1 import (
    catalog,
    compliance,
    connections,
    credits,
    documentation,
    files,
    jobs,
    operations,
    publications,
    remove_background,
    webhooks,
)
from dashboard.errors import render_error, unexpected

TITLE = "Packshot API"
PREFIX = "/api/v1"

api = NinjaAPI(title=TITLE, version="1.0.0", urls_namespace="api_v1", openapi_url=None, docs_url=None)
for endpoint in (
    operations, remove_background, compliance, jobs, files, connections, catalog, publications, webhooks, credits,
    documentation,
):  # fmt: skip
    api.add_router("", endpoint.router)


def refused(request: HttpRequest, error: PackshotError) -> HttpResponseBase:
    response = render_error(request, error)
    credits_headers.put_uncharged(request, response)
    return response


def answered_before(request: HttpRequest, again: Replayed) -> HttpResponseBase:
    return again.response


def invalid(request: HttpRequest, error: ValidationError) -> HttpResponseBase:
    errors = tuple(FieldError(str(item["loc"][-1]), item["msg"]) for item in error.errors)
    return refused(request, InvalidInput(" ".join(item.detail for item in errors), errors=errors))


def not_found(request: HttpRequest, error: Http404) -> HttpResponseBase:
    return refused(request, NotFound("There is nothing at this address."))


def refused_by_the_framework(request: HttpRequest, error: HttpError) -> HttpResponseBase:
    return refused(request, InvalidInput(str(error)))


def broken(request: HttpRequest, error: Exception) -> HttpResponseBase:
    return unexpected(request, error)


def answer_errors(family: NinjaAPI) -> None:
    """Every way in which a call can fail, answered by the ones above; the shape is that of its address."""
    family.exception_handler(PackshotError)(refused)
    family.exception_handler(Replayed)(answered_before)
    family.exception_handler(ValidationError)(invalid)
    family.exception_handler(Http404)(not_found)
    family.exception_handler(HttpError)(refused_by_the_framework)
    family.exception_handler(Exception)(broken)


answer_errors(api)


def urls(family: NinjaAPI = api) -> tuple[list[URLPattern | URLResolver], str, str]:
    """For `path("api/v1/", …)`: without the page that the framework puts at the root."""
    patterns, application, namespace = family.urls
    return [pattern for pattern in patterns if getattr(pattern, "name", "") != "api-root"], application, namespace


@csrf_exempt
@everyone
def nothing_here(request: HttpRequest) -> HttpResponseBase:
    """Every other address of programs."""
    raise NotFound("There is nothing at this address. GET /api/v1/openapi lists every call.")
