"""Reading the listings of a seller: pages of twenty, windows of a thousand, and what is gone.

Amazon pages through 1000 listings of one search and no further. They are therefore read in the order of their dates,
and after each thousand a new search begins at the last date.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.amazon import client, diagnosis, listing, stores
from integrations.amazon.client import Call
from integrations.amazon.listing import Listing
from integrations.base import Account, CatalogPage, MarketplaceError, RemoteProduct

PAGE = 20
WINDOW = 1000


@dataclass(frozen=True, slots=True)
class _Cursor:
    """`after`: where this window begins. `last`: the date of the last listing read. `total`: of the first window."""

    token: str = ""
    after: str = ""
    last: str = ""
    read: int = 0
    total: int | None = None


def page(account: Account, *, since: datetime | None, cursor: str) -> CatalogPage:
    at = _Cursor(**json.loads(cursor)) if cursor else _Cursor(after=_date(since) if since else "")
    date = "lastUpdated" if since else "created"
    query = {
        "marketplaceIds": _ids(account),
        "includedData": listing.DATA,
        "pageSize": str(PAGE),
        "sortBy": f"{date}Date",
        "sortOrder": "ASC",
    }
    if at.after:
        query[f"{date}After"] = at.after
    if at.token:
        query["pageToken"] = at.token
    try:
        body = _search(account, query)
    except MarketplaceError as error:
        if not at.token or error.code != diagnosis.REFUSED:
            raise
        # A token that has run out while the sync waited: a new window begins where the last one got to.
        return page(account, since=since, cursor=json.dumps(asdict(_Cursor("", at.last or at.after, "", 0, at.total))))
    items = body["items"]
    found = [item for item in (_listing(account, item) for item in items) if item]
    total = at.total if at.total is not None else _number(body.get("numberOfResults"))
    dates = [date for date in (_last(item, updated=since is not None) for item in found) if date]
    after = _next(at, body, len(items), dates[-1] if dates else "", total)
    products = tuple(product(each) for each in found)
    return CatalogPage(products, json.dumps(asdict(after)) if after else None, total)


def count(account: Account) -> int:
    """How many listings there are. Raises MarketplaceError."""
    body = _search(account, {"marketplaceIds": _ids(account), "pageSize": "1"})
    return _number(body.get("numberOfResults")) or 0


def existing(account: Account, remote_ids: Sequence[str]) -> frozenset[str]:
    found: set[str] = set()
    plain = [sku for sku in remote_ids if "," not in sku]
    for start in range(0, len(plain), PAGE):
        query = {
            "marketplaceIds": _ids(account),
            "identifiers": ",".join(plain[start : start + PAGE]),
            "identifiersType": "SKU",
            "pageSize": str(PAGE),
        }
        found |= {str(item.get("sku")) for item in _search(account, query)["items"]}
    # The list of SKUs is separated by commas: one that has a comma itself is asked for alone.
    return frozenset(found) | {sku for sku in remote_ids if "," in sku and _there(account, sku)}


def _next(at: _Cursor, body: dict[str, Any], count: int, last: str, total: int | None) -> _Cursor | None:
    token = (body.get("pagination") or {}).get("nextToken")
    last, read = last or at.last, at.read + count
    if token and count:
        return _Cursor(str(token), at.after, last, read, total)
    if not count or (read >= (_number(body.get("numberOfResults")) or 0) and read < WINDOW):
        return None
    # The window is full and the search may have more. A date that it began with already would begin it again for ever.
    after = last if _later(last, at.after) else _date(_parsed(at.after) + timedelta(seconds=1))
    return _Cursor("", after, last, 0, total)


def _search(account: Account, query: dict[str, str]) -> dict[str, Any]:
    body = client.send(account, Call("searchListingsItems", "/listings/2021-08-01/items/{seller}", query))
    if isinstance(body, dict) and isinstance(body.get("items"), list):
        return body
    raise diagnosis.unexpected("Amazon's answer is not a list of listings.")


def _listing(account: Account, item: Any) -> Listing | None:
    """None for what has a row and is in none of the stores."""
    try:
        return listing.read(account, item)
    except MarketplaceError as error:
        if error.code != diagnosis.GONE:
            raise
        return None


def _there(account: Account, sku: str) -> bool:
    try:
        listing.get(account, sku)
    except MarketplaceError as error:
        if error.code != diagnosis.GONE:
            raise
        return False
    return True


def product(found: Listing) -> RemoteProduct:
    first = found.summaries[0]
    return RemoteProduct(
        remote_id=found.sku,
        title=first.title or found.sku,
        sku=found.sku,
        status=first.status,
        url=first.url,
        images=found.gallery,
        handle=first.asin,
    )


def _last(found: Listing, *, updated: bool) -> str:
    """The earliest date among the stores: what lies before it has been read for certain."""
    dates = [date for each in found.summaries if (date := each.updated if updated else each.created)]
    return min(dates, key=_parsed, default="")


def _later(date: str, other: str) -> bool:
    return bool(date) and (not other or _parsed(date) > _parsed(other))


def _parsed(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return datetime(1995, 1, 1, tzinfo=UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _date(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _ids(account: Account) -> str:
    return ",".join(store.marketplace_id for store in stores.read(account.address))


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
