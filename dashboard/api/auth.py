"""Who calls: from the headers of a request to an actor, in one place for every family."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from accounts.access.actor import Actor
from accounts.access.credentials import Unauthorized, actor_for_key, actor_for_token
from accounts.access.permissions import Permission
from dashboard.access import Access
from dashboard.api import backgroundcut
from dashboard.api.call import call_of
from dashboard.session import client_ip, request_id

_HOW = "Send your API key as x-api-key, or as Authorization: Bearer."


class Requires:
    """`auth=` of an operation: a good credential that may do this. The server does not start without one.

    `answers_credits`: every answer, a refusal too, says what was charged and what is left.
    """

    def __init__(self, permission: Permission, *, answers_credits: bool = False) -> None:
        self.access = Access("api", permission)
        self.permission = permission
        self.answers_credits = answers_credits

    def __call__(self, request: HttpRequest) -> Actor:
        call = call_of(request)
        if call.actor is None:
            how = backgroundcut.HOW if backgroundcut.owns(request.path) else _HOW
            raise call.refusal or Unauthorized(how, missing=True)
        if self.answers_credits:
            request.pays = call.actor  # type: ignore[attr-defined]
        call.actor.require(self.permission)
        return call.actor


def actor_of_credential(request: HttpRequest) -> Actor | None:
    """Who sent this; None for a request without a credential. Raises Unauthorized (401) for one that is not good."""
    if backgroundcut.owns(request.path):
        return backgroundcut.actor_of_credential(request)
    key = request.headers.get("x-api-key", "").strip()
    scheme, _, value = request.headers.get("Authorization", "").strip().partition(" ")
    token = value.strip()
    if not key and not scheme:
        return None
    if scheme and scheme.lower() != "bearer":
        raise Unauthorized(f"Authorization of this kind is not known here. {_HOW}")
    if scheme and not token:
        raise Unauthorized(f"Authorization holds no key. {_HOW}")
    if key and token and key != token:
        raise Unauthorized(f"x-api-key and Authorization name different keys. {_HOW}")
    find = actor_for_token if not key and token.count(".") == 2 else actor_for_key
    return find(key or token, ip=client_ip(request), request_id=request_id(request), endpoint=call_of(request).endpoint)


def caller(request: HttpRequest) -> Actor:
    """The actor of a call that has passed `Requires`."""
    return cast("Actor", request.auth)  # type: ignore[attr-defined]
