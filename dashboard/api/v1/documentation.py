from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from dashboard.access import everyone
from dashboard.api.answers import problems
from dashboard.api.families import FAMILIES
from dashboard.api.openapi import document
from dashboard.api.postman import collection
from dashboard.api.query import read_query
from dashboard.api.request_docs import query_docs

router = Router(tags=["Documentation"], by_alias=True)


_OTHERS = " or ".join(family.slug for family in FAMILIES if family.slug)


class FamilyQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    family: str = Field(
        "",
        description=f"{_OTHERS} for that family's own document; without it the main one.",
        examples=["heyswap"],
    )


def _answers(example: dict[str, Any]) -> dict[str, Any]:
    return {"responses": {200: {"content": {"application/json": {"example": example}}}}}


@router.get(
    "/openapi",
    auth=None,
    operation_id="readOpenApi",
    summary="The OpenAPI document",
    description="OpenAPI 3.1 of every call below /api/v1, or of another family. No key is needed.",
    response={200: dict[str, Any], **problems(400)},
    openapi_extra=query_docs(FamilyQuery) | _answers({"openapi": "3.1.0", "info": {"title": "Packshot API"}}),
)
@everyone
def openapi(request: HttpRequest) -> JsonResponse:
    query = read_query(request, FamilyQuery)
    return JsonResponse(document(request, query.family), json_dumps_params={"ensure_ascii": False})


@router.get(
    "/postman",
    auth=None,
    operation_id="readPostmanCollection",
    summary="The Postman collection",
    description="A Postman v2.1 collection made from the OpenAPI document, with examples and tests. Import it, set "
    "`apiKey`, and send. No key is needed.",
    response={200: dict[str, Any], **problems(400)},
    openapi_extra=query_docs(FamilyQuery) | _answers({"info": {"name": "Packshot API"}, "item": []}),
)
@everyone
def postman(request: HttpRequest) -> JsonResponse:
    query = read_query(request, FamilyQuery)
    return JsonResponse(collection(document(request, query.family)), json_dumps_params={"ensure_ascii": False})
