"""The door for what shops tell us: read, authenticate, keep, answer. Everything else happens later."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.kit.errors import InvalidInput, NotFound
from dashboard.access import everyone
from dashboard.api.body_stream import CountedBody
from dashboard.api.errors import BodyTooLarge
from integrations.actions import inbound_receive as actions
from integrations.inbound import BadSignature


@csrf_exempt
@require_POST
@everyone
def one_shop(request: HttpRequest, marketplace: str, token: str) -> HttpResponse:
    """The address that a connection has given its shop."""
    headers = _headers(request)
    return _answered(
        request, lambda raw: actions.receive(marketplace=marketplace, token=token, raw=raw, headers=headers)
    )


@csrf_exempt
@require_POST
@everyone
def all_shops(request: HttpRequest, marketplace: str) -> HttpResponse:
    """The one address of a marketplace's app, such as for requests about personal data."""
    headers = _headers(request)
    return _answered(request, lambda raw: actions.receive_for_all(marketplace=marketplace, raw=raw, headers=headers))


def _answered(request: HttpRequest, keep: Callable[[bytes], None]) -> HttpResponse:
    """A shop reads nothing but the status; plain words are for whoever looks into its log."""
    try:
        keep(CountedBody(request, limit=actions.MOST_BYTES).read_all())
    except NotFound:
        return _said(404, "There is no such address.")
    except BadSignature:
        return _said(401, "The signature is not good.")
    except actions.NotReadable:
        return _said(503, "The signature cannot be checked at the moment. Send it again later.")
    except BodyTooLarge:
        return _said(413, "The body is too large.")
    except InvalidInput:
        return _said(400, "The request broke off.")
    return _said(200, "Thank you.")


def _said(status: int, words: str) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")


def _headers(request: HttpRequest) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}
