"""A listing as Amazon answers it: in which stores it is, what the seller has sent, and what shoppers see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from integrations.amazon import client, diagnosis, stores
from integrations.amazon.client import Call
from integrations.amazon.slots import GALLERY, Slot
from integrations.amazon.stores import Store
from integrations.base import Account, MarketplaceError, RemoteImage
from integrations.publishing import MAIN

DATA = "summaries,attributes,issues,productTypes"


@dataclass(frozen=True, slots=True)
class Summary:
    """A listing in one store. `live`: the address of the main image that shoppers see, empty where there is none."""

    store: Store
    asin: str
    product_type: str
    title: str
    status: str
    created: str
    updated: str
    live: str

    @property
    def url(self) -> str:
        return f"https://www.{self.store.domain}/dp/{self.asin}" if self.asin else ""


@dataclass(frozen=True, slots=True)
class Listing:
    """`summaries`: of the account's stores, in the account's order."""

    sku: str
    summaries: tuple[Summary, ...]
    attributes: Mapping[str, Any]
    issues: tuple[Mapping[str, Any], ...]

    def locator(self, slot: Slot, marketplace_id: str) -> str:
        """The address that the seller has given for an image in a store, or an empty string."""
        for value in _rows(self.attributes.get(slot.attribute)):
            if value.get("marketplace_id", marketplace_id) == marketplace_id:
                return str(value.get("media_location") or "")
        return ""

    def image(self, slot: Slot, seen: str = "") -> RemoteImage | None:
        """What the first store has in this place: what shoppers see (`seen`, where it was asked for), else the address
        that the seller has given."""
        first = self.summaries[0]
        seen = first.live if slot.name == MAIN else seen
        url = seen or self.locator(slot, first.store.marketplace_id)
        # Where there is no place in the gallery, the name says which image it is.
        return RemoteImage(slot.variant or slot.name, slot.position or 0, url) if url else None

    @property
    def gallery(self) -> tuple[RemoteImage, ...]:
        return tuple(image for slot in GALLERY if (image := self.image(slot)))


def get(account: Account, sku: str) -> Listing:
    """Raises MarketplaceError, with the code `gone` where no store has it."""
    if sku.strip(".") == "":
        # No address can hold it: it would be another call.
        raise diagnosis.gone()
    wanted = stores.read(account.address)
    try:
        return read(account, _get(account, sku, wanted))
    except MarketplaceError as error:
        if error.code != diagnosis.GONE or len(wanted) == 1:
            raise
    # One store that lacks it may have answered for all of them.
    found = [item for store in wanted if (item := _get_or_none(account, sku, store))]
    if not found:
        raise diagnosis.gone()
    return read(account, _merged(found))


def read(account: Account, item: Any) -> Listing:
    """A listing out of an answer. Raises MarketplaceError for another shape."""
    if not isinstance(item, dict) or not isinstance(item.get("sku"), str):
        raise diagnosis.unexpected("Amazon's answer is not a listing.")
    told = {str(row.get("marketplaceId")): row for row in _rows(item.get("summaries"))}
    types = {
        str(row.get("marketplaceId")): str(row.get("productType") or "") for row in _rows(item.get("productTypes"))
    }
    summaries = tuple(
        _summary(store, told.get(store.marketplace_id, {}), types.get(store.marketplace_id, ""))
        for store in stores.read(account.address)
        # What Amazon has not built a page for yet has a type, and no summary.
        if store.marketplace_id in told or store.marketplace_id in types
    )
    if not summaries:
        raise diagnosis.gone()
    attributes = item.get("attributes")
    return Listing(
        item["sku"], summaries, attributes if isinstance(attributes, dict) else {}, tuple(_rows(item.get("issues")))
    )


def _get(account: Account, sku: str, wanted: Sequence[Store]) -> Any:
    query = {"marketplaceIds": ",".join(store.marketplace_id for store in wanted), "includedData": DATA}
    return client.send(account, Call("getListingsItem", "/listings/2021-08-01/items/{seller}/{sku}", query, sku=sku))


def _get_or_none(account: Account, sku: str, store: Store) -> Any:
    try:
        return _get(account, sku, (store,))
    except MarketplaceError as error:
        if error.code != diagnosis.GONE:
            raise
        return None


def _merged(items: Sequence[Any]) -> dict[str, Any]:
    """The answers of several stores as one of all of them would be."""
    whole: dict[str, Any] = {"sku": items[0].get("sku"), "attributes": {}}
    for item in items:
        for name in ("summaries", "issues", "productTypes"):
            whole.setdefault(name, []).extend(_rows(item.get(name)))
        for name, values in (item.get("attributes") or {}).items():
            whole["attributes"].setdefault(name, []).extend(values if isinstance(values, list) else [])
    return whole


def _summary(store: Store, row: Mapping[str, Any], product_type: str) -> Summary:
    image = row.get("mainImage")
    return Summary(
        store=store,
        asin=_text(row.get("asin")),
        # What the seller has submitted goes before what the summary tells.
        product_type=product_type or _text(row.get("productType")),
        title=_text(row.get("itemName")),
        status=", ".join(str(each).lower() for each in row.get("status") or []) or "inactive",
        created=_text(row.get("createdDate")),
        updated=_text(row.get("lastUpdatedDate")),
        live=_text(image.get("link")) if isinstance(image, dict) else "",
    )


def _rows(value: object) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _text(value: object) -> str:
    return value.replace("\0", "").strip() if isinstance(value, str) else ""
