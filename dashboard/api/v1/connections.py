from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from accounts.access.permissions import Permission
from dashboard.api.answers import problems
from dashboard.api.auth import Requires, caller
from dashboard.api.shop_answers import ConnectionList, connected_shop
from integrations.queries.catalog import latest_syncs
from integrations.queries.connections import connections

router = Router(tags=["Shops"], by_alias=True)


@router.get(
    "/connections",
    auth=Requires(Permission.CATALOG_READ),
    operation_id="listConnections",
    summary="List connected shops",
    description="The shops that the key's maker sees: their own and the shared ones, the oldest first, all in one "
    "answer. Shops are connected on the Integrations page; their keys are never shown.",
    response={200: ConnectionList, **problems(401, 403, 429)},
)
def list_connections(request: HttpRequest) -> ConnectionList:
    actor = caller(request)
    rows = list(connections(actor))
    syncs = latest_syncs(actor, rows)
    return ConnectionList(connections=[connected_shop(row, syncs.get(row.pk)) for row in rows])
