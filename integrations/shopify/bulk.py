"""The catalog of a large shop as one bulk operation: Shopify writes a file of JSON lines, which is read in parts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2

from accounts.kit import outbound
from integrations.base import Account, Blame, MarketplaceError
from integrations.shopify import diagnosis, documents
from integrations.shopify.client import ask
from integrations.shopify.wire import WHO
from integrations.wire import not_allowed, too_long, unreachable

CURSOR = "bulk|"
# Seconds between two questions whether it has finished.
WAIT = 5
_PRODUCTS = 100
_LONGEST_LINE = 4_000_000
_SECONDS = 60.0
_RUNNING = {"CREATED", "RUNNING"}


@dataclass(frozen=True, slots=True)
class Read:
    """Products with all of their media and variants. `cursor`: None at the end of the file."""

    nodes: tuple[dict[str, Any], ...]
    cursor: str | None
    wait: int = 0


def start(account: Account, search: str) -> str | None:
    """The cursor of an operation that was begun; None where Shopify runs too many already. It changes nothing."""
    answer = ask(account, documents.BULK, {"query": documents.bulk_products(search)})["bulkOperationRunQuery"]
    operation = answer["bulkOperation"]
    if answer["userErrors"] or not operation:
        return None
    return f"{CURSOR}{operation['id'].rpartition('/')[2]}|0"


def read(account: Account, cursor: str) -> Read | None:
    """The next products; None where the operation came to nothing. Raises MarketplaceError."""
    number, _, offset = cursor.removeprefix(CURSOR).partition("|")
    operation = ask(account, documents.BULK_STATUS, {"id": f"gid://shopify/BulkOperation/{number}"})["bulkOperation"]
    if operation and operation["status"] in _RUNNING:
        return Read((), cursor, WAIT)
    if operation and operation["errorCode"] == "ACCESS_DENIED":
        raise diagnosis.missing_scopes(["read_products"])
    if not operation or operation["status"] != "COMPLETED":
        return None
    if not operation["url"]:
        return Read((), None)
    nodes, following = _products(account, operation["url"], int(offset))
    return Read(tuple(nodes), None if following is None else f"{CURSOR}{number}|{following}")


def _products(account: Account, url: str, offset: int) -> tuple[list[dict[str, Any]], int | None]:
    """Some products from this byte on, and the byte that the next one begins at.

    Children follow their product, because the operation was asked to group them.
    """
    found: list[dict[str, Any]] = []
    for place, line in _lines(account, url, offset):
        row = _parsed(line)
        parent = row.pop("__parentId", None)
        if parent is None:
            if len(found) == _PRODUCTS:
                return found, place
            found.append({**row, "media": [], "variants": []})
        elif found and found[-1]["id"] == parent:
            found[-1]["variants" if "/ProductVariant/" in row["id"] else "media"].append(row)
    return found, None


def _lines(account: Account, url: str, offset: int) -> Iterator[tuple[int, bytes]]:
    """Each line with the byte that it begins at. Raises MarketplaceError."""
    if account.before_call:
        account.before_call()
    headers = {"Range": f"bytes={offset}-", "Accept-Encoding": "identity"}
    try:
        with outbound.client(seconds=_SECONDS) as client, client.stream("GET", url, headers=headers) as response:
            if response.status_code == 416:
                return
            if response.status_code not in {200, 206}:
                # Its address is signed and ends: the next call gets a new one.
                raise MarketplaceError(
                    "no_file", f"The file of the catalog could not be read (status {response.status_code}).",
                    blame=Blame.SHOP, permanent=False,
                )  # fmt: skip
            skip = offset if response.status_code == 200 else 0
            yield from _split(response.iter_raw(), offset, skip)
    except outbound.OutboundError as error:
        raise not_allowed(error.detail) from None
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise unreachable(error, seconds=_SECONDS, who=WHO) from None


def _split(parts: Iterator[bytes], place: int, skip: int) -> Iterator[tuple[int, bytes]]:
    rest = b""
    for part in parts:
        dropped, skip = part[skip:], max(0, skip - len(part))
        rest += dropped
        if len(rest) > _LONGEST_LINE and b"\n" not in rest:
            raise too_long(WHO)
        *lines, rest = rest.split(b"\n")
        for line in lines:
            yield place, line
            place += len(line) + 1
    if rest.strip():
        yield place, rest


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError:
        row = None
    if isinstance(row, dict) and isinstance(row.get("id"), str):
        return row
    raise MarketplaceError(
        "half_answer", "The file of the catalog is broken off. Try again.", blame=Blame.SHOP, permanent=False
    )
