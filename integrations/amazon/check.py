"""Whether keys let us into a seller's listings, and if not, which of them is wrong. Nothing is changed at Amazon."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from integrations.amazon import catalog, client, diagnosis, stores
from integrations.amazon.client import Call
from integrations.amazon.stores import REGIONS, Store
from integrations.base import Account, Blame, Checked, MarketplaceError


def check(account: Account) -> Checked:
    """Raises MarketplaceError that names the wrong field."""
    wanted = stores.read(account.address)
    told = _participations(account, wanted[0].region)
    if told is None:
        elsewhere = _other_region(account, wanted[0].region)
        if elsewhere:
            raise _wrong_region(wanted[0], elsewhere)
    elif told:
        _compare(wanted, told)
    try:
        products = catalog.count(account)
    except MarketplaceError as error:
        raise _reason(account, wanted[0], error) from None
    return Checked(products, {}, _notes(wanted, told or {}))


def _participations(account: Account, region: str) -> Mapping[str, Mapping[str, Any]] | None:
    """The seller's stores of a region by marketplace id; None where these keys open nothing there, or where the few
    calls that Amazon grants for this are used up."""
    call = Call("getMarketplaceParticipations", "/sellers/v1/marketplaceParticipations", {}, region=region)
    try:
        body = client.send(account, call)
    except MarketplaceError as error:
        if error.code not in {diagnosis.NOT_PERMITTED, "throttled"}:
            raise
        return None
    rows = body.get("payload") if isinstance(body, dict) else None
    return {
        str(row["marketplace"].get("id")): row
        for row in rows or []
        if isinstance(row, dict) and isinstance(row.get("marketplace"), dict)
    }


def _other_region(account: Account, own: str) -> Mapping[str, Mapping[str, Any]]:
    for region in REGIONS:
        found = _participations(account, region) if region != own else None
        if found:
            return found
    return {}


def _compare(wanted: tuple[Store, ...], told: Mapping[str, Mapping[str, Any]]) -> None:
    missing = [store.domain for store in wanted if not _sells(told.get(store.marketplace_id))]
    if missing:
        raise MarketplaceError(
            "wrong_store",
            f"This account does not sell on {', '.join(missing)}. It sells on {_domains(told)}.",
            blame=Blame.CREDENTIALS, permanent=True, field="address",
        )  # fmt: skip


def _reason(account: Account, store: Store, error: MarketplaceError) -> MarketplaceError:
    """Amazon says the same of another's seller id and of a missing role: product types need the role alone."""
    if error.code not in {diagnosis.NOT_PERMITTED, diagnosis.REFUSED, diagnosis.GONE}:
        return error
    query = {"marketplaceIds": store.marketplace_id, "keywords": "shirt"}
    path = "/definitions/2020-09-01/productTypes"
    try:
        client.send(account, Call("searchDefinitionsProductTypes", path, query))
    except MarketplaceError as other:
        return other
    return MarketplaceError(
        "wrong_seller",
        "These keys are good, but not for this seller ID. In Seller Central open Settings > Account Info > Merchant "
        "Token, and copy it.",
        blame=Blame.CREDENTIALS, permanent=True, field="seller_id", said=error.said,
    )  # fmt: skip


def _wrong_region(wanted: Store, told: Mapping[str, Mapping[str, Any]]) -> MarketplaceError:
    return MarketplaceError(
        "wrong_region",
        f"These keys open nothing on {wanted.domain}. They are of a seller on {_domains(told)}: type one of those, or "
        f"authorize the app for {wanted.domain} and type that refresh token.",
        blame=Blame.CREDENTIALS, permanent=True, field="address",
    )  # fmt: skip


def _notes(wanted: tuple[Store, ...], told: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    suspended = [
        store.domain
        for store in wanted
        if (told.get(store.marketplace_id, {}).get("participation") or {}).get("hasSuspendedListings")
    ]
    if not suspended:
        return ()
    return (f"Amazon has suspended listings of this account on {', '.join(suspended)}. Seller Central says which.",)


def _sells(row: Mapping[str, Any] | None) -> bool:
    return row is not None and bool((row.get("participation") or {}).get("isParticipating"))


def _domains(told: Mapping[str, Mapping[str, Any]]) -> str:
    known = [store.domain for marketplace_id in told if (store := stores.by_id(marketplace_id))]
    return ", ".join(known) or "none of Amazon's stores"
