"""Publications: make, list, read, put the old image back."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.paging import page
from accounts.limits import idempotency
from accounts.limits.idempotency import Claim
from dashboard.addresses import base
from dashboard.api.answers import problems
from dashboard.api.auth import Requires, caller
from dashboard.api.body import read_body
from dashboard.api.call import call_of
from dashboard.api.publication_answers import PublicationAnswer, PublicationList, publication_answer
from dashboard.api.publication_request import PublicationFields, wanted
from dashboard.api.query import read_query, refuse_query
from dashboard.api.request_docs import json_docs, query_docs
from integrations.actions import publish as actions
from integrations.models import Publication
from integrations.queries import publications as queries
from integrations.queries.publications import PublicationFilter
from processing.operations.validate import validate

router = Router(tags=["Publications"], by_alias=True)
_LIMIT = 100_000
_ID = "01985b6c-7a3e-7c1d-9b0a-2f6c1d4e5f60"
# In the examples: what it has before its turn.
_QUEUED = {"status": "queued", "verdict": None, "finishedAt": None}
_LOCATION = {"Location": {"schema": {"type": "string"}, "description": "Where to ask for it."}}


class PublicationQuery(BaseModel):
    model_config = ConfigDict(extra="forbid", alias_generator=to_camel)

    limit: int = Field(20, ge=1, le=100, description="Publications in one answer.")
    cursor: str = Field("", description="nextCursor of the page before.")
    connection_id: str = Field("", description="Those to this shop alone.")
    status: str = Field(
        "",
        description="queued, sending, submitted, confirmed, rejected, failed or reverted.",
        examples=["confirmed"],
    )
    product: str = Field(
        "", max_length=200, description="A productId, or words of a product's name or SKU.", examples=["98"]
    )


@router.post(
    "/publications",
    auth=Requires(Permission.PUBLISH_WRITE),
    operation_id="createPublication",
    summary="Publish an image",
    description="Puts one image into one place of one product, and nothing else of the listing changes. The answer "
    "comes before the shop is asked: read the publication until it has ended, or take the events `publication.*`. What "
    "was there is kept, so that it can be put back. An image that is known to fail the marketplace's rules is refused "
    "with 409 `compliance_failed` and its findings, unless `overrideReason` says why it is published all the same; one "
    "that nobody has checked yet is checked before it is sent, and then ends as `rejected`. 409 `conflict` while "
    "another image is on its way to the same place. A test key sends nothing.",
    response={202: PublicationAnswer, **problems(400, 401, 403, 404, 409, 413, 415, 422, 429)},
    openapi_extra={
        **json_docs(
            PublicationFields,
            {
                # The first one is what the tester and Postman begin with: nothing is changed by it.
                "A dry run": {"fileId": _ID, "connectionId": _ID, "productId": "98", "dryRun": True},
                "The main image": {"fileId": _ID, "connectionId": _ID, "productId": "98"},
                "The second image of a product": {
                    "jobId": _ID, "connectionId": _ID, "productId": "98", "slot": "2",
                },
                "A variant's own": {"fileId": _ID, "connectionId": _ID, "productId": "98", "variantId": "512"},
            },
        ),
        "responses": {202: {"headers": _LOCATION}},
        "x-example": _QUEUED | {"dryRun": True},
    },
)  # fmt: skip
def create(request: HttpRequest, response: HttpResponse) -> Status[PublicationAnswer]:
    actor = caller(request)
    refuse_query(request)
    fields = validate(PublicationFields, read_body(request, limit=_LIMIT).fields)
    row = _made(actor, fields, call_of(request).claim)
    response["Location"] = base(request) + reverse("api_v1:publication", args=[row.pk])
    return Status(202, publication_answer(row))


def _made(actor: Actor, fields: PublicationFields, claim: Claim | None) -> Publication:
    """From its commit on the Idempotency-Key means this publication, whatever becomes of the answer."""
    if claim and claim.job_id:
        return queries.publication(actor, claim.job_id, needs=Permission.PUBLISH_WRITE)
    asked = wanted(actor, fields)
    with transaction.atomic():
        row = actions.publish(actor, wanted=asked)
        if claim:
            idempotency.attach(claim, row.pk)
    return row


@router.get(
    "/publications",
    auth=Requires(Permission.CATALOG_READ),
    operation_id="listPublications",
    summary="List publications",
    description="Those to the shops that the key's maker sees, newest first.",
    response={200: PublicationList, **problems(400, 401, 403, 429)},
    openapi_extra=query_docs(PublicationQuery),
)
def list_publications(request: HttpRequest) -> PublicationList:
    query = read_query(request, PublicationQuery)
    asked = PublicationFilter(connection=query.connection_id, state=query.status, product=query.product)
    rows = page(queries.publications(caller(request), asked), size=query.limit, older_than=query.cursor)
    return PublicationList(publications=[publication_answer(row) for row in rows.rows], next_cursor=rows.older)


@router.get(
    "/publications/{uuid:publication_id}",
    auth=Requires(Permission.CATALOG_READ),
    operation_id="getPublication",
    summary="Read a publication",
    description="Where it stands. Ask again until the status is confirmed, rejected, failed or reverted; Amazon may "
    "need a day to show an image that it has taken.",
    response={200: PublicationAnswer, **problems(401, 403, 404, 429)},
    url_name="publication",
)
def read(request: HttpRequest, publication_id: uuid.UUID) -> PublicationAnswer:
    return publication_answer(queries.publication(caller(request), publication_id))


@router.post(
    "/publications/{uuid:publication_id}/revert",
    auth=Requires(Permission.PUBLISH_WRITE),
    operation_id="revertPublication",
    summary="Put the old image back",
    description="What was in the place before goes back into it; an empty place becomes empty again. An image that "
    "somebody else has put there since is not touched: then it ends as `rejected` with the issue `changed_since`. 409 "
    "while it is still on its way, and where nothing was published.",
    response={202: PublicationAnswer, **problems(400, 401, 403, 404, 409, 413, 415, 422, 429)},
    openapi_extra={"x-example": _QUEUED},
)
def revert(request: HttpRequest, publication_id: uuid.UUID) -> Status[PublicationAnswer]:
    actor = caller(request)
    read_body(request, limit=_LIMIT)
    return Status(202, publication_answer(actions.revert(actor, publication_id=publication_id)))
