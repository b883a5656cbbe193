"""Reading a WooCommerce catalog: pages of products by id, the variations of each, and what is gone."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from integrations.base import Account, Blame, CatalogPage, MarketplaceError, RemoteImage, RemoteProduct, RemoteVariant
from integrations.woocommerce import client

PAGE = 100
_FIELDS = "id,name,slug,sku,global_unique_id,status,type,permalink,images,variations"
_VARIATION_FIELDS = "id,name,sku,global_unique_id,image,attributes"


def page(account: Account, *, since: datetime | None, cursor: str) -> CatalogPage:
    """`cursor`: the page's number and the total at the page before, such as `3:250`."""
    number, before = _position(cursor)
    query = {"per_page": str(PAGE), "page": str(number), "orderby": "id", "order": "asc", "_fields": _FIELDS}
    if since is not None:
        query |= {"modified_after": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"), "dates_are_gmt": "true"}
    answer = client.call(account, "GET", "products", query)
    rows = _rows(answer.body)
    products = tuple(_product(row, variations(account, row)) for row in rows)
    total = answer.total
    if total is not None and before is not None and total < before and number > 1:
        # Something was deleted meanwhile, and what followed has moved up: the page before holds some of this one.
        following: str | None = f"{number - 1}:{total}"
    elif answer.pages is not None:
        following = f"{number + 1}:{total if total is not None else ''}" if number < answer.pages else None
    else:
        following = f"{number + 1}:" if len(rows) == PAGE else None
    return CatalogPage(products, following, total)


def one(account: Account, remote_id: str) -> RemoteProduct | None:
    """None for what is deleted, in the bin, or no product of the catalog."""
    if not (remote_id.isascii() and remote_id.isdigit()):
        return None
    try:
        row = client.call(account, "GET", f"products/{remote_id}", {"_fields": _FIELDS}).body
    except MarketplaceError as error:
        if error.code == "woocommerce_rest_product_invalid_id":
            return None
        raise
    found = _rows([row])[0]
    if found.get("status") == "trash" or found.get("type") == "variation":
        return None
    return _product(found, variations(account, found))


def existing(account: Account, remote_ids: Sequence[str]) -> frozenset[str]:
    """What lies in the bin counts as gone."""
    query = {"per_page": str(PAGE), "include": ",".join(remote_ids), "_fields": "id"}
    return frozenset(str(row["id"]) for row in _rows(client.call(account, "GET", "products", query).body))


def variations(account: Account, product: Mapping[str, Any]) -> tuple[RemoteVariant, ...]:
    if product.get("type") != "variable" or not product.get("variations"):
        return ()
    found: list[RemoteVariant] = []
    number = 1
    while True:
        query = {"per_page": str(PAGE), "page": str(number), "orderby": "id", "order": "asc"}
        path = f"products/{product['id']}/variations"
        rows = _rows(client.call(account, "GET", path, {**query, "_fields": _VARIATION_FIELDS}).body)
        found += [_variant(row, len(found) + index) for index, row in enumerate(rows)]
        if len(rows) < PAGE:
            return tuple(found)
        number += 1


def _product(row: Mapping[str, Any], variants: tuple[RemoteVariant, ...]) -> RemoteProduct:
    return RemoteProduct(
        remote_id=str(row["id"]),
        title=_text(row.get("name")),
        sku=_text(row.get("sku")),
        status=_text(row.get("status")),
        url=str(row.get("permalink") or ""),
        images=tuple(image_of(image, index) for index, image in enumerate(row.get("images") or [])),
        variants=variants,
        barcode=_text(row.get("global_unique_id")),
        handle=_slug(row.get("slug")),
    )


def _variant(row: Mapping[str, Any], position: int) -> RemoteVariant:
    options = ", ".join(_text(each.get("option")) for each in row.get("attributes") or [])
    image = row.get("image")
    return RemoteVariant(
        remote_id=str(row["id"]),
        title=_text(row.get("name")) or options,
        sku=_text(row.get("sku")),
        position=position,
        # A variation without an image of its own answers null, or the number 0 in older shops.
        image=image_of(image, 0) if isinstance(image, dict) and image.get("id") else None,
        barcode=_text(row.get("global_unique_id")),
    )


def image_of(row: Mapping[str, Any], position: int) -> RemoteImage:
    return RemoteImage(
        remote_id=str(row.get("id", "")),
        position=position,
        url=str(row.get("src") or ""),
        alt=_text(row.get("alt")),
        name=_text(row.get("name")),
    )


def _rows(body: object) -> list[dict[str, Any]]:
    if isinstance(body, list) and all(isinstance(row, dict) and "id" in row for row in body):
        return body
    raise MarketplaceError(
        "unexpected", "The shop's answer is not a list of products. A plugin may have changed it.", blame=Blame.SHOP,
        permanent=True,
    )  # fmt: skip


def _text(value: object) -> str:
    """WordPress stores names with entities. NUL is what no database takes."""
    return html.unescape(value).replace("\0", "").strip() if isinstance(value, str) else ""


def _slug(value: object) -> str:
    """WordPress keeps what is no Latin letter percent-encoded; people name files by what they read."""
    return unquote(_text(value)).replace("\0", "")


def _position(cursor: str) -> tuple[int, int | None]:
    number, _, total = cursor.partition(":")
    return int(number or 1), int(total) if total else None
