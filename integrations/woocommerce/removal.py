"""Taking an attachment of ours out of the media library: only the very file, and only where nothing shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from integrations.base import Account, MarketplaceError
from integrations.publishing import Removal
from integrations.woocommerce import catalog, client, media

_NO_PRODUCT = "woocommerce_rest_product_invalid_id"
WHAT_IS_NEEDED = (
    "Removing files from the shop's media library needs a WordPress user and an application password. Add them to the "
    "connection."
)


def remove(account: Account, attachment: str, product: str, *, file: str) -> Removal:
    """`file`: what the name of our file begins with. Raises MarketplaceError."""
    found = media.attachment(account, attachment)
    if found is None:
        return Removal()
    if not file or not _name(found).startswith(file.lower()):
        return Removal("The file under this number is not the one that was published from here.")
    parent = str(found.get("post") or "")
    for number in dict.fromkeys(each for each in (product, parent) if each):
        if why := _why_left(account, number, attachment, parent=parent):
            return Removal(why)
    if media.is_mentioned(account, file):
        return Removal("A page or a post of the shop mentions the file.")
    media.delete(account, attachment)
    return Removal()


def _why_left(account: Account, number: str, attachment: str, *, parent: str) -> str:
    row = _product(account, number)
    if row is None:
        return "It belongs to something in the shop that is no product." if number == parent else ""
    shown = [*(row.get("images") or []), row.get("image")]
    ids = {str(each["id"]) for each in shown if isinstance(each, dict) and each.get("id")}
    ids |= {each.image.remote_id for each in catalog.variations(account, row) if each.image}
    return f"Product {number} shows it." if attachment in ids else ""


def _product(account: Account, number: str) -> dict[str, Any] | None:
    """Also one in the bin, from which it may come back. None where there is none of this number."""
    if not (number.isascii() and number.isdigit()):
        return None
    try:
        query = {"_fields": "id,type,status,images,image,variations"}
        body = client.call(account, "GET", f"products/{number}", query).body
    except MarketplaceError as error:
        if error.code == _NO_PRODUCT:
            return None
        raise
    return body if isinstance(body, dict) else None


def _name(found: Mapping[str, Any]) -> str:
    return urlsplit(str(found.get("source_url") or "")).path.rpartition("/")[2].lower()
