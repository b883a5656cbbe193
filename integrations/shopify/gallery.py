"""What a product shows at this moment: its media in order, and which variant shows which."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from integrations.base import Account, RemoteImage
from integrations.shopify import catalog, diagnosis, documents
from integrations.shopify.client import ask

READY, FAILED = "READY", "FAILED"
_ID = re.compile(r"gid://shopify/(Product|ProductVariant|MediaImage)/[0-9]{1,20}")


@dataclass(frozen=True, slots=True)
class Media:
    """`is_image`: else a video or a model. `stamp`: another one after each change of the file."""

    id: str
    is_image: bool
    status: str
    mime: str
    url: str
    alt: str
    stamp: str
    errors: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Gallery:
    """`media`: everything in order. `url`: of the product, for people."""

    product: str
    url: str
    media: tuple[Media, ...]

    @property
    def images(self) -> tuple[Media, ...]:
        """What customers see: not those that Shopify could not process."""
        return tuple(each for each in self.media if each.is_image and each.status != FAILED)

    def find(self, media_id: str) -> Media | None:
        return next((each for each in self.media if each.id == media_id), None)

    def place_of(self, media_id: str) -> int | None:
        """Its place among the images."""
        return next((index for index, each in enumerate(self.images) if each.id == media_id), None)

    def shown(self) -> tuple[RemoteImage, ...]:
        return tuple(RemoteImage(each.id, index, each.url, alt=each.alt) for index, each in enumerate(self.images))


def read(account: Account, product: str) -> Gallery:
    """Raises MarketplaceError, `gone` where the product is not there."""
    found = ask(account, documents.GALLERY, {"id": product})["product"] if _ID.fullmatch(product) else None
    if not found:
        raise diagnosis.gone()
    nodes = catalog.all_of(account, product, found["media"], "media", documents.MORE_MEDIA)
    return Gallery(product, catalog.link(account, found), tuple(_media(node) for node in nodes))


def image_of_variant(account: Account, product: str, variant: str) -> str:
    """The media that the variant shows, or an empty string. Raises MarketplaceError, `gone` where it is not there."""
    found = ask(account, documents.VARIANT, {"id": variant})["productVariant"] if _ID.fullmatch(variant) else None
    if not found or found["product"]["id"] != product:
        raise diagnosis.gone()
    return next((each["id"] for each in found["media"]["nodes"]), "")


def links(account: Account, product: str) -> dict[str, str]:
    """Each variant with the media that it shows, or an empty string."""
    first = ask(account, documents.MORE_VARIANTS, {"id": product, "after": None})["product"]
    if not first:
        raise diagnosis.gone()
    nodes = catalog.all_of(account, product, first["variants"], "variants", documents.MORE_VARIANTS)
    return {node["id"]: next((each["id"] for each in node["media"]["nodes"]), "") for node in nodes}


def file_exists(account: Account, media_id: str) -> bool:
    """Whether the shop still has this image among its files, in a product or not."""
    found = ask(account, documents.FILE, {"id": media_id})["node"] if _ID.fullmatch(media_id) else None
    return found is not None and found.get("fileStatus") == READY


def _media(node: Mapping[str, Any]) -> Media:
    url = catalog.text((node.get("image") or {}).get("url"))
    return Media(
        id=node["id"],
        is_image=node["__typename"] == "MediaImage",
        status=node["status"],
        mime=catalog.text(node.get("mimeType")),
        url=url,
        alt=catalog.text(node.get("alt")),
        stamp=f"{url} {node.get('updatedAt', '')}",
        errors=tuple(node.get("mediaErrors") or ()),
    )
