"""What shoppers see in a place of a listing, and whether that is a picture of ours."""

from __future__ import annotations

from urllib.parse import urlsplit

from accounts.kit import outbound
from integrations.amazon import client, likeness
from integrations.amazon.client import Call
from integrations.amazon.listing import Summary
from integrations.amazon.slots import Slot
from integrations.amazon.state import Plan
from integrations.base import Account, MarketplaceError
from integrations.publishing import MAIN, Memory

_MOST_BYTES = 30_000_000


def link(account: Account, summary: Summary, slot: Slot) -> str | None:
    """The address of the image that shoppers see, empty where there is none; None where Amazon does not tell."""
    if slot.name == MAIN:
        return summary.live
    found = links(account, summary) if slot.variant else None
    return found.get(slot.variant, "") if found is not None else None


def links(account: Account, summary: Summary) -> dict[str, str] | None:
    """The addresses of all images that shoppers see, by the catalog's names; None where Amazon does not tell."""
    if not summary.asin:
        return None
    query = {"marketplaceIds": summary.store.marketplace_id, "includedData": "images"}
    try:
        body = client.send(account, Call("getCatalogItem", f"/catalog/2022-04-01/items/{summary.asin}", query))
    except MarketplaceError as error:
        if not error.permanent:
            raise
        return None
    groups = body.get("images") if isinstance(body, dict) else None
    rows = [row for group in groups or [] if isinstance(group, dict) for row in group.get("images") or []]
    sizes: dict[str, dict[str, int]] = {}
    for row in rows:
        if isinstance(row, dict) and row.get("link"):
            sizes.setdefault(str(row.get("variant")), {})[str(row["link"])] = row.get("height") or 0
    # The same image in several sizes, each at an address of its own: the largest.
    return {variant: max(each, key=lambda url: each[url]) for variant, each in sizes.items()}


def shows(url: str, plan: Plan, memory: Memory) -> bool | None:
    """Whether the image at an address is the plan's: fetched once, then remembered. None where that fails now."""
    known = plan.looked(memory)
    if url in known:
        return known[url]
    try:
        shown = outbound.fetch(url, max_bytes=_MOST_BYTES)
    except outbound.OutboundError:
        return None
    same = likeness.same(plan.mark, shown.data)
    plan.note_look(memory, url, same)
    return same


def is_amazons(url: str) -> bool:
    """Whether Amazon has put an address of its own in the place of the one that it was given."""
    host = urlsplit(url).hostname or ""
    return host.endswith((".media-amazon.com", ".ssl-images-amazon.com", ".images-amazon.com"))
