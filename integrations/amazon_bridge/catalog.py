"""A bridge's catalog: pages by cursor. It tells no dates, so that every sync reads the whole of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from integrations.amazon.slots import GALLERY
from integrations.amazon_bridge import client
from integrations.base import Account, CatalogPage, RemoteImage, RemoteProduct

# A bridge whose cursors lead in a circle is left after this many pages.
_MOST_PAGES = 2000


def page(account: Account, cursor: str, *, sku: str = "") -> CatalogPage:
    """`sku`: the one that is wanted; a bridge may answer with it alone. Raises MarketplaceError."""
    body = client.get(account, "/catalog", {"cursor": cursor} | ({"sku": sku} if sku else {}))
    items = body.get("items") if isinstance(body, dict) else None
    if not isinstance(items, list) or not all(isinstance(row, dict) and _text(row.get("sku")) for row in items):
        raise client.not_a_bridge(account)
    following, total = body.get("cursor"), body.get("total")
    ended = following in {None, "", cursor} or not items
    return CatalogPage(
        tuple(_product(row) for row in items),
        None if ended else str(following),
        total if isinstance(total, int) and not isinstance(total, bool) else None,
    )


def pages(account: Account, *, sku: str = "") -> Iterator[CatalogPage]:
    """Raises MarketplaceError."""
    cursor: str | None = ""
    for _ in range(_MOST_PAGES):
        if cursor is None:
            return
        found = page(account, cursor, sku=sku)
        yield found
        cursor = found.cursor


def one(account: Account, sku: str) -> RemoteProduct | None:
    """Raises MarketplaceError."""
    for found in pages(account, sku=sku):
        for product in found.products:
            if product.remote_id == sku:
                return product
    return None


def count(account: Account) -> int:
    """Raises MarketplaceError."""
    number = 0
    for found in pages(account):
        if found.total is not None:
            return found.total
        number += len(found.products)
    return number


def _product(row: Mapping[str, Any]) -> RemoteProduct:
    sku, asin = _text(row.get("sku")), _text(row.get("asin"))
    images = row.get("images")
    found = {image.position: image for each in images or [] if isinstance(each, dict) and (image := _image(each))}
    return RemoteProduct(
        remote_id=sku,
        title=_text(row.get("title")) or sku,
        sku=sku,
        status=_text(row.get("status")),
        url=_text(row.get("url")),
        images=tuple(found[position] for position in sorted(found)),
        handle=asin,
    )


def _image(row: Mapping[str, Any]) -> RemoteImage | None:
    position, url = row.get("position"), _text(row.get("url"))
    if not isinstance(position, int) or isinstance(position, bool) or not 0 <= position < len(GALLERY) or not url:
        return None
    return RemoteImage(GALLERY[position].variant, position, url)


def _text(value: object) -> str:
    return str(value).replace("\0", "").strip() if isinstance(value, str | int) else ""
