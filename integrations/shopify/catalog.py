"""Reading a Shopify catalog: small shops and changes page by page, large ones as a bulk operation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from integrations.base import Account, Blame, CatalogPage, MarketplaceError, RemoteImage, RemoteProduct, RemoteVariant
from integrations.shopify import bulk, documents
from integrations.shopify.client import ask

_PAGE = "page|"
_PRODUCT_ID = re.compile(r"gid://shopify/Product/[0-9]{1,20}")


def page(account: Account, *, since: datetime | None, cursor: str) -> CatalogPage:
    """`cursor`: `page|` and Shopify's own cursor, or `bulk|`, the operation's number and the byte to go on at."""
    search = f"updated_at:>'{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}'" if since else ""
    if cursor.startswith(bulk.CURSOR):
        return _bulk_page(account, cursor)
    total = None
    if not cursor:
        total = _number(ask(account, documents.COUNT, {"query": search or None}).get("productsCount"))
        if total >= settings.SHOPIFY_BULK_FROM and (begun := bulk.start(account, search)):
            return CatalogPage((), begun, total, wait=bulk.WAIT)
    variables = {"after": cursor.removeprefix(_PAGE) or None, "query": search or None}
    found = ask(account, documents.PRODUCTS, variables)["products"]
    products = tuple(product(account, _whole(account, node)) for node in _nodes(found))
    following = f"{_PAGE}{found['pageInfo']['endCursor']}" if found["pageInfo"]["hasNextPage"] else None
    return CatalogPage(products, following, total)


def one(account: Account, remote_id: str) -> RemoteProduct | None:
    """The product as it is now; None where the shop does not have it."""
    if not _PRODUCT_ID.fullmatch(remote_id):
        return None
    found = ask(account, documents.PRODUCT, {"id": remote_id})["product"]
    return product(account, _whole(account, found)) if found else None


def existing(account: Account, remote_ids: Sequence[str]) -> frozenset[str]:
    found = ask(account, documents.EXISTING, {"ids": list(remote_ids)})["nodes"]
    return frozenset(each["id"] for each in found if each)


def count(account: Account) -> int:
    return _number(ask(account, documents.COUNT, {"query": None}).get("productsCount"))


def product(account: Account, node: Mapping[str, Any]) -> RemoteProduct:
    """`node`: with all of its media and variants."""
    media = [each for each in node["media"] if each["__typename"] == "MediaImage" and each["status"] != "FAILED"]
    images = tuple(image(each, position) for position, each in enumerate(media))
    first = node["variants"][0] if node["variants"] else {}
    single = bool(node.get("hasOnlyDefaultVariant"))
    return RemoteProduct(
        remote_id=node["id"],
        title=text(node.get("title")),
        sku=text(first.get("sku")),
        status=text(node.get("status")).lower(),
        url=link(account, node),
        images=images,
        variants=() if single else tuple(_variant(each, images) for each in node["variants"]),
        barcode=text(first.get("barcode")) if single else "",
        handle=text(node.get("handle")),
    )


def image(media: Mapping[str, Any], position: int) -> RemoteImage:
    """One that is still being processed has no address yet."""
    return RemoteImage(media["id"], position, text((media.get("image") or {}).get("url")), alt=text(media.get("alt")))


def link(account: Account, node: Mapping[str, Any]) -> str:
    """The product for people: in the shop, or in its admin where it is not published."""
    return text(node.get("onlineStoreUrl")) or f"{account.address}/admin/products/{node.get('legacyResourceId', '')}"


def text(value: object) -> str:
    """NUL is what no database takes."""
    return value.replace("\0", "").strip() if isinstance(value, str) else ""


def _variant(node: Mapping[str, Any], images: Sequence[RemoteImage]) -> RemoteVariant:
    return RemoteVariant(
        remote_id=node["id"],
        title=text(node.get("title")),
        sku=text(node.get("sku")),
        position=max(0, int(node.get("position") or 1) - 1),
        image=_variant_image(node, images),
        barcode=text(node.get("barcode")),
    )


def _variant_image(node: Mapping[str, Any], images: Sequence[RemoteImage]) -> RemoteImage | None:
    """By the id of its media where that was asked for, else (in a bulk operation) by its address."""
    media = [each["id"] for each in (node.get("media") or {}).get("nodes", [])]
    address = text((node.get("image") or {}).get("url"))
    for each in images:
        if each.remote_id in media or (address and each.url == address):
            return RemoteImage(each.remote_id, 0, each.url, alt=each.alt)
    return None


def _whole(account: Account, node: Mapping[str, Any]) -> dict[str, Any]:
    """The product with its further media and variants, as lists."""
    media = all_of(account, node["id"], node["media"], "media", documents.MORE_MEDIA)
    variants = all_of(account, node["id"], node["variants"], "variants", documents.MORE_VARIANTS)
    return {**node, "media": media, "variants": variants}


def all_of(
    account: Account, product_id: str, connection: Mapping[str, Any], field: str, document: str
) -> list[dict[str, Any]]:
    """The nodes of a connection of a product, with the pages after the first."""
    found, before = list(connection["nodes"]), None
    while connection["pageInfo"]["hasNextPage"]:
        after = connection["pageInfo"]["endCursor"]
        if after == before:
            raise ValueError("a next page that is the same page")
        before = after
        more = ask(account, document, {"id": product_id, "after": after})["product"]
        if not more:
            break
        connection = more[field]
        found += connection["nodes"]
    return found


def _bulk_page(account: Account, cursor: str) -> CatalogPage:
    read = bulk.read(account, cursor)
    if read is None:
        # It failed or was ended at Shopify: the same products page by page.
        return CatalogPage((), _PAGE, None)
    products = tuple(product(account, node) for node in read.nodes)
    return CatalogPage(products, read.cursor, None, wait=read.wait)


def _nodes(connection: object) -> list[dict[str, Any]]:
    found = connection.get("nodes") if isinstance(connection, dict) else None
    if isinstance(found, list):
        return found
    raise MarketplaceError(
        "unexpected", "The shop's answer is not a list of products.", blame=Blame.SHOP, permanent=True
    )


def _number(found: object) -> int:
    return int(found.get("count", 0)) if isinstance(found, dict) else 0
