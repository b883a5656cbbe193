"""Face-swap family: accounts at the provider."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router
from ninja.params.functions import Path
from pydantic import BaseModel, ConfigDict, Field

from accounts.access.permissions import Permission
from accounts.kit.encryption import Undecipherable
from accounts.kit.errors import Conflict, InvalidInput, NotFound
from dashboard.api.auth import Requires, caller
from dashboard.api.body import read_body
from dashboard.api.faceswap_answers import FaceSwapAccountAnswer, account_answer, failures
from dashboard.api.query import refuse_query
from dashboard.api.request_docs import json_docs
from processing.actions.face_swap_accounts import LONGEST, keep_account, remove_account
from processing.models import FaceSwapAccount
from processing.operations.validate import validate
from processing.queries import face_swap_accounts as queries

router = Router(tags=["Accounts"])
_LIMIT = 100_000
_CHANNEL: str = Path(
    ...,
    description="The id of the account's Discord channel.",
    examples={"A channel": {"value": "1128550062683865178"}},
)
_EXAMPLE: dict[str, Any] = {
    "server": "1090660574196674713",
    "channel": "1128550062683865178",
    "discord": "MTI…secured…xyz",
    "credits": {"timestamp": "2024-02-01T02:05:24.991000+00:00", "total": 50, "used": 18},
}


class AccountFields(BaseModel):
    """Body of `POST /v1/faceswap/account/{channel}`."""

    model_config = ConfigDict(extra="forbid")

    discord: str = Field(
        min_length=1,
        max_length=LONGEST,
        description="The token of the Discord account. Each account needs one of its own. It is kept encrypted.",
        examples=["MTI3NDU2Nzg5MDEyMzQ1Njc4.GaBcDe.example"],
    )
    server: str = Field(
        min_length=1,
        max_length=LONGEST,
        description="The id of the Discord server.",
        examples=["1090660574196674713"],
    )
    channel: str = Field(
        min_length=1,
        max_length=LONGEST,
        description="The id of the Discord channel, as in the address.",
        examples=["1128550062683865178"],
    )


def _example(value: dict[str, Any]) -> dict[str, Any]:
    known = {"Credits are known": {"summary": "Credits are known", "value": value}}
    return {"responses": {200: {"content": {"application/json": {"examples": known}}}}}


def _shown(request: HttpRequest, account: FaceSwapAccount) -> dict[str, Any]:
    try:
        return account_answer(account, unmasked=caller(request).may(Permission.PROVIDERS_WRITE))
    except Undecipherable:
        raise Conflict(
            f"The token of the channel {account.channel} cannot be read: FIELD_ENCRYPTION_KEYS of this installation "
            "has changed. Send the account again."
        ) from None


@router.get(
    "/account",
    auth=Requires(Permission.PROVIDERS_READ),
    operation_id="listFaceSwapAccounts",
    summary="List accounts",
    description="Every account of the organization, by its channel. 404 while there is none. `credits` is left out "
    "until they are known. A key with the scope `providers:write` reads tokens in full, others read them masked.",
    response={200: dict[str, FaceSwapAccountAnswer], **failures(401, 403, 404, 409, 429)},
    openapi_extra=_example({_EXAMPLE["channel"]: _EXAMPLE}),
)
def list_accounts(request: HttpRequest) -> JsonResponse:
    refuse_query(request)
    found = list(queries.accounts(caller(request)))
    if not found:
        raise NotFound("No face-swap account is configured yet. POST /v1/faceswap/account/{channel} adds one.")
    return JsonResponse({account.channel: _shown(request, account) for account in found})


@router.get(
    "/account/{str:channel}",
    auth=Requires(Permission.PROVIDERS_READ),
    operation_id="readFaceSwapAccount",
    summary="Read an account",
    description="The account of one channel, as in the list. 404 where there is none.",
    response={200: FaceSwapAccountAnswer, **failures(401, 403, 404, 409, 429)},
    openapi_extra=_example(_EXAMPLE),
    url_name="account",
)
def read(request: HttpRequest, channel: str = _CHANNEL) -> JsonResponse:
    refuse_query(request)
    return JsonResponse(_shown(request, queries.account(caller(request), channel)))


@router.post(
    "/account/{str:channel}",
    auth=Requires(Permission.PROVIDERS_WRITE),
    operation_id="keepFaceSwapAccount",
    summary="Add or change an account",
    description="Keeps the account of this channel; one that is there already is changed. All three fields are "
    "required, and `channel` is the one of the address. The answer has no body.",
    response={204: None, **failures(400, 401, 403, 409, 413, 415, 422, 429)},
    openapi_extra=json_docs(
        AccountFields,
        {
            "An account": {
                "discord": "MTI3NDU2Nzg5MDEyMzQ1Njc4.GaBcDe.example",
                "server": "1090660574196674713",
                "channel": "1128550062683865178",
            }
        },
    ),
)
def keep(request: HttpRequest, channel: str = _CHANNEL) -> HttpResponse:
    actor = caller(request)
    fields = read_body(request, limit=_LIMIT).fields
    refuse_query(request)
    wanted = validate(AccountFields, {name: value for name, value in fields.items() if value != ""})
    if wanted.channel != channel:
        raise InvalidInput(
            f"channel does not match: it is {wanted.channel} in the body and {channel} in the address.", field="channel"
        )
    keep_account(actor, channel=wanted.channel, server=wanted.server, discord=wanted.discord)
    return HttpResponse(status=204)


@router.delete(
    "/account/{str:channel}",
    auth=Requires(Permission.PROVIDERS_WRITE),
    operation_id="removeFaceSwapAccount",
    summary="Remove an account",
    description="Forgets the account of this channel and its token. The answer has no body.",
    response={204: None, **failures(401, 403, 404, 429)},
)
def remove(request: HttpRequest, channel: str = _CHANNEL) -> HttpResponse:
    refuse_query(request)
    remove_account(caller(request), channel=channel)
    return HttpResponse(status=204)
