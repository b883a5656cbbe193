"""HeySwap family: a token for a key, a new token for an old one."""

from __future__ import annotations

from typing import Literal

from django.http import HttpRequest, JsonResponse
from ninja import Router, Schema
from pydantic import BaseModel, ConfigDict, Field

from accounts.access import json_web_tokens
from accounts.access.credentials import Unauthorized, actor_for_key
from dashboard.access import everyone
from dashboard.api.answers import HeySwapFailure
from dashboard.api.body import read_body
from dashboard.api.call import call_of
from dashboard.api.rate_limits import count_failure
from dashboard.api.request_docs import json_docs
from dashboard.session import client_ip, request_id
from processing.operations.validate import validate

router = Router(tags=["Tokens"])
_LIMIT = 100_000
_HOW = "Send the token as Authorization: Bearer. POST /api/token makes one for an API key."


class TokenRequest(BaseModel):
    """Body of `POST /api/token`."""

    model_config = ConfigDict(extra="forbid")

    key: str = Field(title="Key", description="An API key.", examples=["<YOUR_API_KEY>"])


class NoFields(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Token(Schema):
    """A JSON Web Token that stands for a key."""

    access_token: str = Field(
        description="Send it as Authorization: Bearer.",
        examples=["eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJwYWNrc2hvdCJ9.3Zk…9fQ"],
    )
    token_type: Literal["bearer"] = Field(default="bearer", description="Always bearer.")
    expires_in: int = Field(description="Seconds until its end.", examples=[json_web_tokens.LIFETIME])


@router.post(
    "/token",
    auth=None,
    operation_id="createToken",
    summary="Make a token",
    description="A JSON Web Token for an API key. It can do what the key can, for an hour, and ends when the key is "
    "revoked.",
    response={200: Token, 400: HeySwapFailure, 401: HeySwapFailure},
    openapi_extra=json_docs(TokenRequest, {"A key": {"key": "<YOUR_API_KEY>"}}),
)
@everyone
def create(request: HttpRequest) -> JsonResponse:
    wanted = validate(TokenRequest, read_body(request, limit=_LIMIT).fields)
    call = call_of(request)
    try:
        actor = actor_for_key(
            wanted.key.strip(), ip=client_ip(request), request_id=request_id(request), endpoint=call.endpoint
        )
    except Unauthorized:
        count_failure(request, call)
        raise
    call.actor = actor
    assert actor.api_key is not None
    return _token(json_web_tokens.issue(actor.api_key.pk))


@router.post(
    "/refresh",
    auth=None,
    operation_id="refreshToken",
    summary="Renew a token",
    description="A new token for the one in `Authorization: Bearer`, without the key. The body is empty. The old token "
    "lives until its own end. Refused once it has expired or its key is revoked: make a new one with the key.",
    response={200: Token, 401: HeySwapFailure},
    openapi_extra={"security": [{"bearerJwt": []}]},
)
@everyone
def refresh(request: HttpRequest) -> JsonResponse:
    call = call_of(request)
    if call.actor is None or request.headers.get("Authorization", "").count(".") != 2:
        raise call.refusal or Unauthorized(_HOW, missing=True)
    validate(NoFields, read_body(request, limit=_LIMIT).fields)
    assert call.actor.api_key is not None
    return _token(json_web_tokens.issue(call.actor.api_key.pk))


def _token(token: str) -> JsonResponse:
    return JsonResponse(Token(access_token=token, expires_in=json_web_tokens.LIFETIME).model_dump())
