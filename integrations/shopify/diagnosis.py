"""What an answer that is not the one asked for says about the connection, in words that can be acted on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from integrations.base import Blame, MarketplaceError
from integrations.shopify.address import DOMAIN, named_in

_LONGEST_SAID = 200
_LONGEST_WAIT = 3600
_SCOPE = re.compile(r"`([a-z_]+)`")


def refusal(status: int, headers: Mapping[str, str]) -> MarketplaceError:
    """The error that a status stands for, where no answer to the question came."""
    if 300 <= status < 400:
        return moved(headers.get("location", ""))
    if status == 401:
        return wrong_token()
    if status == 402:
        return frozen()
    if status == 403:
        return MarketplaceError(
            "refused",
            "Shopify refuses this app in this shop. Open the app under Settings > Apps and sales channels in Shopify, "
            "see that it is installed there, and copy its token again.",
            blame=Blame.CREDENTIALS, permanent=True, field="access_token",
        )  # fmt: skip
    if status == 404:
        return no_shop()
    if status == 423:
        return MarketplaceError(
            "locked", "Shopify has locked this shop for a while. Try again later, or ask Shopify's support.",
            blame=Blame.SHOP, permanent=False,
        )  # fmt: skip
    if status in {429, 430}:
        return throttled(_seconds(headers.get("retry-after", "")))
    if status >= 500:
        return MarketplaceError(
            "shop_error", f"Shopify answered with an error of its own (status {status}). Often that is over soon.",
            blame=Blame.SHOP, permanent=False, retry_after=_seconds(headers.get("retry-after", "")),
        )  # fmt: skip
    if status < 300 and "json" in headers.get("content-type", ""):
        return MarketplaceError(
            "half_answer", "The shop sent only a part of its answer. Try again.", blame=Blame.SHOP, permanent=False
        )
    if status < 300:
        return MarketplaceError(
            "not_data",
            "A page came back instead of data. Try again; if it stays so, check that this is the address of a Shopify "
            f"shop, such as my-shop{DOMAIN}.",
            blame=Blame.SHOP, permanent=False, field="address",
        )  # fmt: skip
    return MarketplaceError("refused", f"The shop refused this (status {status}).", blame=Blame.SHOP, permanent=True)


def said_no(errors: Sequence[Mapping[str, Any]]) -> MarketplaceError:
    """The error that `errors` of a GraphQL answer stand for."""
    first = errors[0] if errors and isinstance(errors[0], dict) else {}
    extensions = first.get("extensions")
    code = str(extensions.get("code", "")) if isinstance(extensions, dict) else ""
    said = str(first.get("message", ""))[:_LONGEST_SAID]
    if code == "THROTTLED":
        return throttled()
    if code == "ACCESS_DENIED":
        scopes = _SCOPE.findall(str(extensions.get("requiredAccess", "")) + said) if extensions else []
        return missing_scopes(scopes[:1], said)
    if code == "SHOP_INACTIVE":
        return frozen(said)
    if code in {"INTERNAL_SERVER_ERROR", "TIMEOUT"}:
        return MarketplaceError(
            "shop_error", "Shopify could not answer because of an error of its own. Often that is over soon.",
            blame=Blame.SHOP, permanent=False, said=said,
        )  # fmt: skip
    return MarketplaceError(
        "not_understood",
        "Shopify did not understand what was asked. Its interface may have changed; a newer version of Packshot may "
        "be needed.",
        blame=Blame.US, permanent=True, said=said,
    )  # fmt: skip


def wrong_token() -> MarketplaceError:
    return MarketplaceError(
        "wrong_token",
        "The shop does not know this access token. Copy it again, whole; if it is lost, or the app was removed from "
        "the shop, install the app there again.",
        blame=Blame.CREDENTIALS, permanent=True, field="access_token",
    )  # fmt: skip


def missing_scopes(scopes: Sequence[str], said: str = "") -> MarketplaceError:
    named = ", ".join(scopes) or "one of its access scopes"
    return MarketplaceError(
        "missing_scope",
        f"The token lacks {named}. In the app's configuration give it read_products, write_products and write_files, "
        "install it again, and copy the new token.",
        blame=Blame.CREDENTIALS, permanent=True, field="access_token", said=said,
    )  # fmt: skip


def frozen(said: str = "") -> MarketplaceError:
    return MarketplaceError(
        "frozen",
        "Shopify has frozen or closed this shop, most often because a bill is open. Its owner settles that in the "
        "admin; then test again.",
        blame=Blame.SHOP, permanent=True, field="address", said=said,
    )  # fmt: skip


def no_shop() -> MarketplaceError:
    return MarketplaceError(
        "no_shop",
        f"There is no Shopify shop at this address. It is the name before {DOMAIN}, as in the address of the admin.",
        blame=Blame.CREDENTIALS, permanent=True, field="address",
    )  # fmt: skip


def moved(location: str) -> MarketplaceError:
    name = named_in(location)
    where = f"{name}{DOMAIN}" if name else "another address"
    return MarketplaceError(
        "moved", f"The shop sends visitors on to {where}. Use that address here: the token is sent nowhere else.",
        blame=Blame.CREDENTIALS, permanent=True, field="address",
    )  # fmt: skip


def own_domain(name: str) -> MarketplaceError:
    """An address at which the shop's customers see it. The token has not been sent."""
    which = f"That of this shop is {name}{DOMAIN}." if name else "The admin shows it under Settings > Domains."
    return MarketplaceError(
        "own_domain", f"Programs reach a Shopify shop only at its address that ends in {DOMAIN}. {which}",
        blame=Blame.CREDENTIALS, permanent=True, field="address",
    )  # fmt: skip


def throttled(seconds: int | None = None) -> MarketplaceError:
    return MarketplaceError(
        "throttled", "Shopify takes no more calls for the moment. They go on by themselves, more slowly.",
        blame=Blame.SHOP, permanent=False, retry_after=seconds,
    )  # fmt: skip


def gone() -> MarketplaceError:
    return MarketplaceError(
        "gone", "The shop does not have this product or variant any more. Run a sync to see what it has.",
        blame=Blame.SHOP, permanent=True,
    )  # fmt: skip


def _seconds(text: str) -> int | None:
    try:
        # Shopify writes it as a fraction: 2.0
        return min(max(0, int(float(text))), _LONGEST_WAIT)
    except (ValueError, OverflowError):
        return None
