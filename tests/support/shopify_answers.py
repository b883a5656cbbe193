"""The fields of Shopify's QueryRoot and Mutation, as far as they are asked for, over a shop's holdings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from graphql import GraphQLError

from tests.support.shopify_shop import FAILED, READY, Holdings, Media, Product, Variant

_GID = re.compile(r"gid://shopify/[A-Za-z]+/[0-9]+")
Node = dict[str, Any]


class Answers:
    """`scopes`: of the token that asks."""

    def __init__(self, held: Holdings, scopes: set[str], version: str) -> None:
        self.held = held
        self.scopes = scopes
        self.version = version

    def root(self) -> dict[str, Any]:
        return {
            "shop": {"name": "A shop", "myshopifyDomain": "a-shop.myshopify.com"},
            "currentAppInstallation": {"accessScopes": [{"handle": each} for each in sorted(self.scopes)]},
            "productsCount": lambda info, **given: {"count": len(self._found(given.get("query")))},
            "products": self.products,
            "product": self.product,
            "productVariant": self.variant,
            "node": self.node,
            "nodes": lambda info, ids: [self._node(each) for each in ids],
            "job": self.job,
            "stagedUploadsCreate": self.stage,
            "fileUpdate": self.update_files,
            "fileDelete": self.delete_files,
            "productUpdate": self.update_product,
            "productReorderMedia": self.reorder,
            "productVariantAppendMedia": self.append_to_variants,
            "productVariantDetachMedia": self.detach_from_variants,
        }

    # -- reading

    def products(self, info: Any, query: str | None = None, **page: Any) -> Node:
        self._needs("read_products")
        return connection([self._product(each) for each in self._found(query)], **page)

    def product(self, info: Any, id: str) -> Node | None:
        return self._product(self.held.products.get(_gid(id)))

    def node(self, info: Any, id: str) -> Node | None:
        return self._node(id)

    def job(self, info: Any, id: str) -> Node:
        return {"id": id, "done": self.held.jobs.get(id) is None}

    def variant(self, info: Any, id: str) -> Node | None:
        for product in self.held.products.values():
            for each in product.variants:
                if each.id == _gid(id):
                    return self._variant(product, each, 1)
        return None

    def _found(self, query: str | None) -> list[Product]:
        self._needs("read_products")
        rows = list(self.held.products.values())
        if not query:
            return rows
        since = re.fullmatch(r"updated_at:>'(.+)'", query)
        assert since, query
        moment = datetime.strptime(since[1], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
        return [each for each in rows if each.updated_at > moment]

    def _product(self, product: Product | None) -> Node | None:
        if product is None:
            return None
        number = product.id.rpartition("/")[2]
        return {
            "__typename": "Product",
            "id": product.id,
            "title": product.title,
            "handle": product.handle,
            "status": product.status,
            "hasOnlyDefaultVariant": [each.title for each in product.variants] == ["Default Title"],
            "onlineStoreUrl": f"{self.held.address}/products/{product.handle}",
            "legacyResourceId": number,
            "media": lambda info, **page: connection(
                [self._media(self.held.files[each]) for each in product.media], **page
            ),
            "variants": lambda info, **page: connection(
                [self._variant(product, each, index + 1) for index, each in enumerate(product.variants)], **page
            ),
        }

    def _variant(self, product: Product, variant: Variant, position: int) -> Node:
        media = [self._media(self.held.files[variant.media])] if variant.media else []
        return {
            "__typename": "ProductVariant",
            "id": variant.id,
            "title": variant.title,
            "sku": variant.sku,
            "barcode": variant.barcode,
            "position": position,
            "product": {"id": product.id},
            "media": lambda info, **page: connection(media, **page),
            "image": media[0]["image"] if media else None,
        }

    def _media(self, media: Media) -> Node:
        error = {"code": media.error, "message": f"It said {media.error}", "details": None}
        seen = media.kind == "MediaImage" and (media.status == READY or media.version > 1)
        return {
            "__typename": media.kind,
            "id": media.id,
            "alt": media.alt,
            "status": media.status,
            "fileStatus": media.status,
            "mediaErrors": [error] if media.error else [],
            "mimeType": media.mime,
            "updatedAt": f"2026-01-01T00:00:{media.version % 60:02}Z",
            "image": {"url": self.held.url(media)} if seen else None,
        }

    def _node(self, id: str) -> Node | None:
        if _gid(id) in self.held.products:
            return self._product(self.held.products[id])
        return self._media(self.held.files[id]) if id in self.held.files else None

    # -- writing

    def stage(self, info: Any, input: list[Node]) -> Node:
        targets = []
        for each in input:
            assert each["resource"] == "IMAGE"
            assert each["httpMethod"] == "POST"
            key = f"tmp/{next(self.held.numbers)}/{each['filename']}"
            self.held.staged[f"{self.held.address}/staged/{key}"] = None
            targets.append({
                "url": f"{self.held.address}/staged/",
                "resourceUrl": f"{self.held.address}/staged/{key}",
                "parameters": [
                    {"name": "key", "value": key},
                    {"name": "x-goog-signature", "value": "not-for-the-log"},
                    {"name": "Content-Type", "value": each["mimeType"]},
                ],
            })  # fmt: skip
        return {"stagedTargets": targets, "userErrors": []}

    def update_files(self, info: Any, files: list[Node]) -> Node:
        self._needs("write_files")
        changed: list[Node] = []
        for given in files:
            media = self.held.files.get(given["id"])
            if media is None:
                return _refused("FILE_DOES_NOT_EXIST", files=None)
            if media.status != READY:
                return _refused("NON_READY_STATE", files=None)
            if refused := self._new_source(media, given.get("originalSource")):
                return _refused(refused, files=None)
            for product in self._products(given.get("referencesToAdd")):
                if len(product.media) >= 250:
                    return _refused("PRODUCT_MEDIA_LIMIT_EXCEEDED", files=None)
                if media.id not in product.media:
                    product.media.append(media.id)
            for product in self._products(given.get("referencesToRemove")):
                self._drop(product, media.id)
            changed.append(self._media(media))
        return {"files": changed, "userErrors": []}

    def _new_source(self, media: Media, source: str | None) -> str:
        if source is None:
            return ""
        data = self.held.staged.get(source)
        if data is None:
            return "INVALID_IMAGE_SOURCE_URL"
        if source.rpartition(".")[2].replace("jpeg", "jpg") != media.filename.rpartition(".")[2].replace("jpeg", "jpg"):
            return "MISMATCHED_FILENAME_AND_ORIGINAL_SOURCE"
        self.held.process(media, data)
        for product in self.held.products.values():
            if media.id in product.media:
                product.updated_at = self.held.clock()
        return ""

    def delete_files(self, info: Any, fileIds: list[str]) -> Node:
        self._needs("write_files")
        for each in fileIds:
            for product in self.held.products.values():
                self._drop(product, each)
            self.held.files.pop(each, None)
        return {"deletedFileIds": fileIds, "userErrors": []}

    def update_product(self, info: Any, product: Node, media: Sequence[Node] = ()) -> Node:
        self._needs("write_products")
        found = self.held.products.get(product["id"])
        if found is None:
            return {"product": None, "userErrors": [{"field": ["id"], "message": "Product does not exist"}]}
        for given in media:
            if len(found.media) >= 250:
                said = {"field": ["media"], "message": "A product can have at most 250 media"}
                return {"product": None, "userErrors": [said]}
            data = self.held.staged.get(given["originalSource"])
            if data is None:
                said = {"field": ["media", "0", "originalSource"], "message": "Image URL is invalid"}
                return {"product": None, "userErrors": [said]}
            filename = given["originalSource"].rpartition("/")[2]
            new = self.held.new_file(filename, b"", alt=given.get("alt") or "")
            new.version = 0
            self.held.process(new, data)
            found.media.append(new.id)
            found.updated_at = self.held.clock()
        return {"product": self._product(found), "userErrors": []}

    def reorder(self, info: Any, id: str, moves: list[Node]) -> Node:
        self._needs("write_products")
        product = self.held.products.get(id)
        if product is None:
            return _refused("PRODUCT_DOES_NOT_EXIST", container="mediaUserErrors", job=None)
        for each in moves:
            assert isinstance(each["newPosition"], str)
            if each["id"] not in product.media:
                return _refused("MEDIA_DOES_NOT_EXIST_ON_PRODUCT", container="mediaUserErrors", job=None)
        work = self.held.moved(product, [(each["id"], int(each["newPosition"])) for each in moves])
        return {"job": {"id": self.held.later(work), "done": False}, "mediaUserErrors": []}

    def append_to_variants(self, info: Any, productId: str, variantMedia: list[Node]) -> Node:
        product = self.held.products[productId]
        for given in variantMedia:
            variant = next(each for each in product.variants if each.id == given["variantId"])
            (media,) = given["mediaIds"]
            if variant.media:
                return _refused("PRODUCT_VARIANT_ALREADY_HAS_MEDIA")
            if media not in product.media:
                return _refused("MEDIA_DOES_NOT_EXIST_ON_PRODUCT")
            if self.held.files[media].status != READY:
                return _refused("NON_READY_MEDIA")
            variant.media = media
        return {"userErrors": []}

    def detach_from_variants(self, info: Any, productId: str, variantMedia: list[Node]) -> Node:
        product = self.held.products[productId]
        for given in variantMedia:
            variant = next(each for each in product.variants if each.id == given["variantId"])
            if variant.media not in given["mediaIds"]:
                return _refused("MEDIA_IS_NOT_ATTACHED_TO_VARIANT")
            variant.media = ""
        return {"userErrors": []}

    def _products(self, ids: list[str] | None) -> list[Product]:
        return [self.held.products[each] for each in ids or []]

    def _drop(self, product: Product, media: str) -> None:
        if media in product.media:
            product.media.remove(media)
        for variant in product.variants:
            variant.media = "" if variant.media == media else variant.media

    def _needs(self, scope: str) -> None:
        if scope in self.scopes or scope.replace("read_", "write_") in self.scopes:
            return
        raise GraphQLError(
            f"Access denied. Required access: `{scope}` access scope.",
            extensions={"code": "ACCESS_DENIED", "requiredAccess": f"`{scope}` access scope."},
        )


def connection(nodes: Sequence[Any], first: int | None = None, after: str | None = None, **_: Any) -> Node:
    start = int(after) if after else 0
    shown = list(nodes[start : start + first] if first is not None else nodes)
    return {
        "nodes": shown,
        "edges": [{"node": each} for each in shown],
        "pageInfo": {
            "hasNextPage": start + len(shown) < len(nodes),
            "endCursor": str(start + len(shown)) if shown else None,
        },
    }


def _refused(code: str, *, container: str = "userErrors", **other: Any) -> Node:
    return {**other, container: [{"code": code, "field": None, "message": f"It said {code}"}]}


def _gid(text: str) -> str:
    if not _GID.fullmatch(text):
        raise GraphQLError(f"Invalid global id '{text}'")
    return text


__all__ = ["FAILED", "Answers", "connection"]
