"""BackgroundCut family: a token for a page in a browser, made by whoever holds the key."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from accounts.access import access_tokens
from accounts.access.credentials import Unauthorized
from dashboard.access import everyone
from dashboard.api import backgroundcut
from dashboard.api.backgroundcut_answers import failures
from dashboard.api.body import read_body
from dashboard.api.call import call_of
from dashboard.api.query import refuse_query
from dashboard.api.request_docs import json_docs
from processing.operations.picture_fields import no_boolean
from processing.operations.validate import problem, validate

router = Router(tags=["Access tokens"])
_LIMIT = 100_000
# All of them together: the token goes into a header.
_LONGEST = 2000


class AccessTokenFields(BaseModel):
    model_config = ConfigDict(extra="forbid")

    paths: list[str] = Field(
        ["*"],
        title="Paths",
        min_length=1,
        description="Glob patterns of the addresses that the token is for, without host and query: `*` stands for any "
        f"characters, slashes too. Together at most {_LONGEST} characters.",
        examples=[["/v3/files/my-project/*"]],
    )
    expires_in: Annotated[int, BeforeValidator(no_boolean)] = Field(
        60,
        ge=access_tokens.SHORTEST,
        le=access_tokens.LONGEST,
        title="Expires in",
        description="Seconds until its end.",
        examples=[60],
    )

    @field_validator("paths", mode="before")
    @classmethod
    def _are_patterns(cls, paths: object) -> object:
        given = paths if isinstance(paths, list) else []
        good = given and all(isinstance(path, str) and path for path in given)
        if not good or sum(len(path) for path in given) > _LONGEST:
            raise problem(
                f'paths must be a list of patterns such as ["/v3/files/*"], together at most {_LONGEST} characters.'
            )
        return paths


class AccessToken(Schema):
    access_token: str = Field(
        description="Send it as Authorization: AccessToken TOKEN.",
        examples=["eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJwYWNrc2hvdC1hY2Nlc3MifQ.3Zk…9fQ"],
    )


@router.post(
    "/auth/access-token/",
    auth=None,
    operation_id="createAccessToken",
    summary="Make an access token",
    description="A token that a page in a browser can use in place of the key: for some addresses, for at most ten "
    "minutes. It can do what the key can, no more, and ends with it. Only a key makes one; a token gets 401.",
    response={200: AccessToken, **failures(400, 401)},
    openapi_extra={
        "security": [{"token": []}],
        **json_docs(AccessTokenFields, {"For one folder": {"paths": ["/v3/files/my-project/*"], "expires_in": 60}}),
    },
)
@everyone
def create(request: HttpRequest) -> AccessToken:
    call = call_of(request)
    if call.actor is None:
        raise call.refusal or Unauthorized(backgroundcut.HOW, missing=True)
    if call.by_access_token:
        raise Unauthorized("An access token cannot make another. Send your API key as Authorization: Token KEY.")
    refuse_query(request)
    wanted = validate(AccessTokenFields, read_body(request, limit=_LIMIT).fields)
    assert call.actor.api_key is not None
    return AccessToken(
        access_token=access_tokens.issue(call.actor.api_key.pk, paths=wanted.paths, seconds=wanted.expires_in)
    )
