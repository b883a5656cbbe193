"""The images of one place of a WooCommerce product, read and written. The gallery goes over as one list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from integrations.base import Account, Blame, MarketplaceError, RemoteImage
from integrations.publishing import Place, Shown
from integrations.woocommerce import client
from integrations.woocommerce.catalog import image_of

# The shop fetches an image inside of the call, for which it takes its time.
_SECONDS = 150.0
_GONE = {"woocommerce_rest_product_invalid_id", "woocommerce_rest_product_variation_invalid_id"}


def read(account: Account, place: Place) -> Shown:
    """Raises MarketplaceError: `gone` where the product or the variation is not there, or in the bin."""
    product = _call(account, place, "GET", f"products/{place.product}", {"_fields": "id,status,images"})
    if product.get("status") == "trash":
        raise _gone(place)
    images = _images(product)
    if not place.variant:
        position = place.position or 0
        return Shown(images[position] if position < len(images) else None, images)
    path = f"products/{place.product}/variations/{place.variant}"
    own = _call(account, place, "GET", path, {"_fields": "id,image"}).get("image")
    image = image_of(own, 0) if isinstance(own, dict) and own.get("id") else None
    # A variation without an image of its own shows, and answers, the product's.
    if image and images and image.remote_id == images[0].remote_id:
        image = None
    return Shown(image, images)


def image_at(place: Place, now: Shown, index: int) -> RemoteImage | None:
    """`index`: in the gallery, counted from 0; a variation has its one image."""
    if place.variant:
        return now.image
    return now.gallery[index] if index < len(now.gallery) else None


def replaced(place: Place, now: Shown, index: int, image: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The whole list with that image in its place, the others as they are; `image`: `{"id"}` or `{"src"}`.

    One that is elsewhere in the gallery by now moves: it is never there twice."""
    if place.variant:
        return [dict(image)]
    ids = [int(each.remote_id) for each in now.gallery]
    earlier, later = ids[:index], ids[index + 1 :]
    others = [[{"id": each} for each in part if each != image.get("id")] for part in (earlier, later)]
    return [*others[0], dict(image), *others[1]]


def without(place: Place, now: Shown, index: int) -> list[dict[str, Any]]:
    if place.variant:
        return [{"id": 0}]
    return [{"id": int(each.remote_id)} for number, each in enumerate(now.gallery) if number != index]


def write(account: Account, place: Place, images: Sequence[Mapping[str, Any]]) -> Shown:
    """`images`: the whole gallery, or the one image of a variation; the id 0 takes that one's away.

    What is there afterwards: of a variation its image alone. Raises MarketplaceError.
    """
    if place.variant:
        path, body = f"products/{place.product}/variations/{place.variant}", {"image": dict(images[0])}
        own = _call(account, place, "PUT", path, {"_fields": "id,image"}, body).get("image")
        return Shown(image_of(own, 0) if isinstance(own, dict) and own.get("id") else None)
    listed = {"images": [dict(each) for each in images]}
    row = _call(account, place, "PUT", f"products/{place.product}", {"_fields": "id,images"}, listed)
    return Shown(None, _images(row))


def _call(
    account: Account, place: Place, method: str, path: str, query: Mapping[str, str], body: object = None
) -> dict[str, Any]:
    if not all(each.isascii() and each.isdigit() for each in (place.product, place.variant or "0")):
        raise _gone(place)
    try:
        answer = client.call(account, method, path, query, body, seconds=_SECONDS)
    except MarketplaceError as error:
        if error.code in _GONE:
            raise _gone(place) from None
        raise
    # Another one, of a cache before the shop, say, would be taken for this one's gallery.
    if isinstance(answer.body, dict) and str(answer.body.get("id")) == path.rpartition("/")[2]:
        return answer.body
    raise MarketplaceError(
        "unexpected",
        "The shop's answer is not this product. A plugin or a cache may have changed it.",
        blame=Blame.SHOP,
        permanent=True,
    )


def _images(row: Mapping[str, Any]) -> tuple[RemoteImage, ...]:
    return tuple(image_of(image, index) for index, image in enumerate(row.get("images") or []))


def _gone(place: Place) -> MarketplaceError:
    what = "variant" if place.variant else "product"
    return MarketplaceError(
        "gone", f"The shop does not have this {what} any more, or it is in its bin.", blame=Blame.SHOP, permanent=True
    )
