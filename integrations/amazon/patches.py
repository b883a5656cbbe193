"""Writing the address of an image into a listing's attribute, or taking it away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from integrations.amazon import client, diagnosis
from integrations.amazon.client import Call
from integrations.amazon.listing import Listing
from integrations.amazon.slots import Slot
from integrations.amazon.state import Plan
from integrations.base import Account
from integrations.publishing import Memory

# Takes the attributes that all products have, where Amazon names no type of its own.
_ANY_TYPE = "PRODUCT"


@dataclass(frozen=True, slots=True)
class Patch:
    """One call: the same kind of change for stores in which the listing has the same product type."""

    marketplace_ids: tuple[str, ...]
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Submission:
    """`status`: ACCEPTED, VALID or INVALID. Accepted is not done: Amazon fetches and judges the image later."""

    status: str
    number: str
    issues: tuple[Mapping[str, Any], ...]


def patches(found: Listing, slot: Slot, wanted: Mapping[str, str]) -> list[Patch]:
    """`wanted`: the address of the image by marketplace id; an empty one takes it away."""
    groups: dict[tuple[str, bool], list[str]] = {}
    for each in found.summaries:
        marketplace_id = each.store.marketplace_id
        if marketplace_id in wanted:
            kind = each.product_type or _ANY_TYPE, bool(wanted[marketplace_id])
            groups.setdefault(kind, []).append(marketplace_id)
    return [
        Patch(tuple(ids), {"productType": kind, "patches": [_operation(slot, {each: wanted[each] for each in ids})]})
        for (kind, _), ids in groups.items()
    ]


def submit(account: Account, sku: str, patch: Patch, *, preview: bool = False) -> Submission:
    """`preview`: Amazon judges it and keeps nothing. Raises MarketplaceError."""
    query = {"marketplaceIds": ",".join(patch.marketplace_ids), "includedData": "issues"}
    if preview:
        query["mode"] = "VALIDATION_PREVIEW"
    path = "/listings/2021-08-01/items/{seller}/{sku}"
    body = client.send(account, Call("patchListingsItem", path, query, "PATCH", sku, patch.body))
    if not isinstance(body, dict) or body.get("status") not in {"ACCEPTED", "INVALID", "VALID"}:
        raise diagnosis.unexpected("Amazon's answer does not say whether it has taken the image.")
    found = body.get("issues")
    rows: Sequence[object] = found if isinstance(found, list) else ()
    return Submission(
        str(body["status"]), str(body.get("submissionId") or ""), tuple(row for row in rows if isinstance(row, dict))
    )


def _operation(slot: Slot, wanted: Mapping[str, str]) -> dict[str, Any]:
    path = f"/attributes/{slot.attribute}"
    if all(wanted.values()):
        value = [{"marketplace_id": each, "media_location": url} for each, url in wanted.items()]
        return {"op": "replace", "path": path, "value": value}
    return {"op": "delete", "path": path, "value": [{"marketplace_id": each} for each in wanted]}


def carry_out(account: Account, found: Listing, slot: Slot, plan: Plan, memory: Memory) -> Submission | None:
    """Sends what Amazon has not taken yet. Returns the first submission that it refused. Raises MarketplaceError."""
    for patch in patches(found, slot, plan.wanted):
        taken = plan.taken(memory)
        if all(each in taken for each in patch.marketplace_ids):
            continue
        answer = submit(account, found.sku, patch)
        if answer.status == "INVALID":
            return answer
        plan.take(memory, patch.marketplace_ids, answer.number)
    return None
