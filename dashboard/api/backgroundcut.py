"""BackgroundCut family: which addresses are its, its credentials, and its way to say that something went wrong."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse

from accounts.access.actor import Actor
from accounts.access.credentials import Unauthorized, actor_for_access_token, actor_for_key
from accounts.kit.errors import PackshotError
from dashboard.api.call import call_of
from dashboard.session import client_ip, request_id

PREFIX = "/v3/"
HOW = "Send your API key as Authorization: Token KEY, or an access token as Authorization: AccessToken TOKEN."


def owns(path: str) -> bool:
    return path.startswith(PREFIX)


def failure(error: PackshotError) -> JsonResponse:
    """`{"error": text, "code": word}`."""
    return JsonResponse({"error": error.detail, "code": error.code}, status=error.status)


def actor_of_credential(request: HttpRequest) -> Actor | None:
    """Who sent this; None for a request without a credential. Raises Unauthorized (401) for one that is not good."""
    scheme, _, value = request.headers.get("Authorization", "").strip().partition(" ")
    if not scheme:
        return None
    call = call_of(request)
    known = {"ip": client_ip(request), "request_id": request_id(request), "endpoint": call.endpoint}
    match scheme.lower():
        case "token":
            return actor_for_key(value.strip(), **known)  # type: ignore[arg-type]
        case "accesstoken":
            call.by_access_token = True
            return actor_for_access_token(value.strip(), path=request.path, **known)  # type: ignore[arg-type]
    raise Unauthorized(f"Authorization of this kind is not known here. {HOW}")
