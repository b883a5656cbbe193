from __future__ import annotations

from typing import Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from accounts.access.permissions import Permission
from accounts.kit.errors import InvalidInput
from accounts.kit.paging import page
from dashboard.api.answers import problems
from dashboard.api.auth import Requires, caller
from dashboard.api.query import read_query
from dashboard.api.request_docs import query_docs
from dashboard.api.shop_answers import ProductList, product_answer
from integrations.queries.catalog import VERDICTS, products
from integrations.queries.products import whole, with_sku

_STATES = {verdict: state for state, verdict in VERDICTS.items() if verdict}
router = Router(tags=["Shops"], by_alias=True)


class CatalogQuery(BaseModel):
    model_config = ConfigDict(extra="forbid", alias_generator=to_camel)

    limit: int = Field(20, ge=1, le=100, description="Products in one answer.")
    cursor: str = Field("", description="nextCursor of the page before.")
    q: str = Field(
        "", max_length=200, description="Words, each of which is in the title or in a SKU.", examples=["blue mug"]
    )
    sku: str = Field(
        "",
        max_length=200,
        description="Products that have exactly this SKU, themselves or in a variant; upper and lower case are the "
        "same.",
        examples=["MUG-BLUE"],
    )
    connection_id: str = Field("", description="Products of this shop alone.")
    image_verdict: Literal["pass", "warn", "fail", ""] = Field(
        "", description="Products whose images come to this by the rules of their marketplace.", examples=["fail"]
    )


@router.get(
    "/catalog",
    auth=Requires(Permission.CATALOG_READ),
    operation_id="listProducts",
    summary="Search the catalog",
    description="Products of the connected shops as of their last sync, with their images and variants, newest first. "
    "productId and variantId are the shop's own: take them into a publication as they are.",
    response={200: ProductList, **problems(400, 401, 403, 429)},
    openapi_extra=query_docs(CatalogQuery),
)
def list_products(request: HttpRequest) -> ProductList:
    actor = caller(request)
    query = read_query(request, CatalogQuery)
    try:
        found = products(
            actor, search=query.q, connection=query.connection_id, state=_STATES.get(query.image_verdict, "")
        )
    except InvalidInput as error:
        raise InvalidInput(
            "connectionId must be the connectionId of a connected shop.", field="connectionId"
        ) from error
    if query.sku:
        found = with_sku(actor, found, query.sku)
    rows = page(whole(found), size=query.limit, older_than=query.cursor)
    return ProductList(products=[product_answer(row) for row in rows.rows], next_cursor=rows.older)
